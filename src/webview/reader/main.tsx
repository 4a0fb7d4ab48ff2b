import { registerControls } from '../kit/controls';
import { openPage } from '../kit/page';
import type { ReaderRequests, ReaderState } from '../../shared/protocol';
import { ReaderPage } from './ReaderPage';
import './code.css';
import './reader.css';

registerControls();
openPage<ReaderState, ReaderRequests>(ReaderPage);
