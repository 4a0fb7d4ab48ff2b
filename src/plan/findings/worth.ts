import type { PlanNode } from '../model';
import type { Facts, Stake } from './facts';

/**
 * The stake is at least that part (0–1) of the statement's time and outside its error bar; of its blocks in a plan without
 * times. What was not measured at all may be anything, so it counts.
 */
export function isReal({ spanMs, totalBlocks }: Facts, { ms, errorMs = 0, blocks }: Stake, least: number): boolean {
  if (ms !== undefined && spanMs !== undefined) return ms > errorMs && ms >= least * spanMs;
  if (blocks !== undefined && totalBlocks !== undefined) return blocks >= least * totalBlocks;
  return true;
}

/** A stake of time alone, as far as it is known. */
export function timeStake(ms: number | undefined, errorMs: number | undefined): Stake {
  return ms === undefined ? {} : { ms, errorMs: errorMs ?? 0 };
}

/** A node and what it runs below it, without one child: what the join costs beyond reading its outer side. */
export function stakeWithout(whole: Stake, part: Stake): Stake {
  return {
    ...(whole.ms === undefined
      ? {}
      : { ms: Math.max(0, whole.ms - (part.ms ?? 0)), errorMs: (whole.errorMs ?? 0) + (part.errorMs ?? 0) }),
    ...(whole.blocks === undefined ? {} : { blocks: Math.max(0, whole.blocks - (part.blocks ?? 0)) }),
  };
}

/** "62 %", "0.4 %", of parts between 0 and 1. */
export function percent(part: number): string {
  const value = part * 100;
  const shown =
    value < 1 ? value.toFixed(1).replace(/\.0$/, '') : value < 99.5 || value === 100 ? value.toFixed(0) : '99';
  return `${shown} %`;
}

/** Nodes of data-modifying statements: INSERT, UPDATE, DELETE, MERGE and row locks. */
export function writes({ kind }: PlanNode): boolean {
  return kind === 'ModifyTable' || kind === 'LockRows';
}

/** A condition in a sentence: as printed, cut where it would fill the page. */
export function inShort(sql: string): string {
  return sql.length > LONGEST ? `${sql.slice(0, LONGEST - 1)}…` : sql;
}

const LONGEST = 160;

/** "a", "a and b", "a, b and 7 more". */
export function some(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}
