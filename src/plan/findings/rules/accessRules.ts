import type { Rule } from '../finding';
import { bitmapAnd } from './bitmapAnd';
import { bitmapOr } from './bitmapOr';
import { buffersPerRow } from './buffersPerRow';
import { containsWithoutIndex } from './containsWithoutIndex';
import { functionOnColumn } from './functionOnColumn';
import { hashAggregateSpills } from './hashAggregateSpills';
import { hashJoinWithoutIndex } from './hashJoinWithoutIndex';
import { hashSpills } from './hashSpills';
import { heapFetches } from './heapFetches';
import { impossibleIndexCondition } from './impossibleIndexCondition';
import { indexFilter } from './indexFilter';
import { indexScanThenSort } from './indexScanThenSort';
import { joinInnerWithoutIndex } from './joinInnerWithoutIndex';
import { leadingWildcard } from './leadingWildcard';
import { lossyBitmap } from './lossyBitmap';
import { lowIndexSelectivity } from './lowIndexSelectivity';
import { orderByLimitWrongIndex } from './orderByLimitWrongIndex';
import { seqScanFilters } from './seqScanFilters';
import { sortSpills } from './sortSpills';
import { tempBlocks } from './tempBlocks';
import { topNWithoutIndex } from './topNWithoutIndex';

/** About memory, and how tables and indexes are read. In the order of docs/findings.md. */
export const ACCESS_RULES: readonly Rule[] = [
  seqScanFilters,
  joinInnerWithoutIndex,
  hashJoinWithoutIndex,
  topNWithoutIndex,
  orderByLimitWrongIndex,
  indexFilter,
  lowIndexSelectivity,
  indexScanThenSort,
  functionOnColumn,
  leadingWildcard,
  containsWithoutIndex,
  impossibleIndexCondition,
  bitmapAnd,
  bitmapOr,
  lossyBitmap,
  heapFetches,
  buffersPerRow,
  sortSpills,
  hashSpills,
  hashAggregateSpills,
  tempBlocks,
];
