import type { PlanNode } from './model';

/** A node while it is computed: each step of `buildModel` fills in what it finds out. In pre-order; a draft's place is its id. */
export type Draft = { -readonly [Name in keyof PlanNode]: PlanNode[Name] };
