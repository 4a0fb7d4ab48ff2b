import { registerControls } from '../kit/controls';
import { openPage } from '../kit/page';
import type { ResultsRequests, ResultsState } from '../../shared/protocol';
import { ResultsPage } from './ResultsPage';
import './results.css';

registerControls();
openPage<ResultsState, ResultsRequests>(ResultsPage);
