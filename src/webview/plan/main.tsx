import { openPage } from '../kit/page';
import type { PlanRequests, PlanState } from '../../shared/protocol';
import { PlanPage } from './PlanPage';
import './plan.css';

openPage<PlanState, PlanRequests>(PlanPage);
