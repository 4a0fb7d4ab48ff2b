import type { Rule } from '../finding';
import { cartesianJoin } from './cartesianJoin';
import { changedPlannerSettings } from './changedPlannerSettings';
import { coldCache } from './coldCache';
import { correlatedSubplan } from './correlatedSubplan';
import { cteFilteredLate } from './cteFilteredLate';
import { disabledNode } from './disabledNode';
import { foreignFilterLocal } from './foreignFilterLocal';
import { fullPageImages } from './fullPageImages';
import { jitCost } from './jitCost';
import { joinFilter } from './joinFilter';
import { largeOffset } from './largeOffset';
import { lockWait } from './lockWait';
import { manyPartitions } from './manyPartitions';
import { materializeRescans } from './materializeRescans';
import { memoizeThrashing } from './memoizeThrashing';
import { misestimate } from './misestimate';
import { nestedLoopManyLoops } from './nestedLoopManyLoops';
import { neverAnalyzed } from './neverAnalyzed';
import { notInSubplan } from './notInSubplan';
import { parallelOverhead } from './parallelOverhead';
import { planningTime } from './planningTime';
import { readerDirtiesOrWrites } from './readerDirtiesOrWrites';
import { serializationCost } from './serializationCost';
import { skewedWorkers } from './skewedWorkers';
import { slowIo } from './slowIo';
import { triggerTime } from './triggerTime';
import { wideRows } from './wideRows';
import { workersNotLaunched } from './workersNotLaunched';

/** About estimates, joins, SubPlans, workers and the whole statement. In the order of docs/findings.md. */
export const STATEMENT_RULES: readonly Rule[] = [
  neverAnalyzed,
  misestimate,
  nestedLoopManyLoops,
  joinFilter,
  cartesianJoin,
  materializeRescans,
  memoizeThrashing,
  correlatedSubplan,
  notInSubplan,
  cteFilteredLate,
  largeOffset,
  manyPartitions,
  wideRows,
  foreignFilterLocal,
  workersNotLaunched,
  parallelOverhead,
  skewedWorkers,
  lockWait,
  triggerTime,
  slowIo,
  coldCache,
  readerDirtiesOrWrites,
  fullPageImages,
  serializationCost,
  planningTime,
  jitCost,
  disabledNode,
  changedPlannerSettings,
];
