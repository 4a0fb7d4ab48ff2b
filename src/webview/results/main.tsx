import { openPage } from '../kit/page';
import type { ResultsRequests, ResultsState } from '../../shared/protocol';
import { ResultsPage } from './ResultsPage';
import './results.css';

openPage<ResultsState, ResultsRequests>(ResultsPage);
