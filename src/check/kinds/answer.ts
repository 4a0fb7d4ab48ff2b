import type { AnswerExpectation, NodeSelector } from '../../course/schema';
import { worstByBuffers, worstEstimate } from '../../plan/find';
import { sharedBuffers, type Plan, type PlanNode } from '../../plan/model';
import { figureOf } from '../../plan/raw';
import { readPlan } from '../../plan/read';
import { explain } from '../../sql/explain';
import type { Session } from '../../sql/session';
import { statements } from '../../sql/statements';
import { readAttempt, type Attempt } from '../attempt';
import { undone } from '../pinned';
import type { Outcome } from '../verdict';

/** What the reference knows for one `answer` expectation. */
export interface AnswerReference {
  /** The solution's text. */
  readonly solution: string;
  /** What was computed at the start, and after the solution; null or undefined while it is measured. */
  readonly atStart: unknown;
  readonly atSolution: unknown;
}

/**
 * What the student wrote behind `-- answer:` against values computed now or, where the exercise asks about the start,
 * as they were then. The right ones are never told.
 */
export async function checkAnswer(
  session: Session,
  expectation: AnswerExpectation,
  attempt: Attempt,
  reference: AnswerReference,
): Promise<Outcome> {
  const { label, tolerance } = expectation;
  const now = [
    ...(expectation.plan ? await fromPlan(session, expectation.plan) : []),
    ...(expectation.query === undefined ? [] : await fromQuery(session, expectation.query)),
  ];
  const right = [...meant(expectation, now, reference), ...(expectation.accept ?? []).map(String)];
  if (right.length === 0) throw new Error('The exercise asks for a node that the plan does not have.');
  const answer = answerOf(attempt, label);
  const name = label === undefined ? 'answer' : `answer ${label}`;
  if (answer === undefined) {
    return {
      passed: false,
      message: `There is no answer yet. Write it behind “-- ${name}:” on a line of its own.`,
      behaviour: `${name}: none`,
      keep: now,
    };
  }
  const passed = right.some((value) => sameAnswer(answer, value, tolerance));
  return {
    passed,
    message: passed ? `The ${name} is right.` : wrongAnswer(answer, right, name),
    seen: answer,
    behaviour: passed ? `${name}: right` : `${name}: ${normal(answer)}`,
    keep: now,
  };
}

function answerOf({ answer, labelled }: Attempt, label: string | undefined): string | undefined {
  return label === undefined ? answer : labelled.get(label);
}

/**
 * What a student does, such as make an index, may change the very plan that was asked about. Whether the start or
 * what has become of it is asked about, the solution's own answer tells; where it tells neither, both are right.
 */
function meant({ label, tolerance }: AnswerExpectation, now: readonly string[], reference: AnswerReference): string[] {
  const { solution, atStart, atSolution } = reference;
  if (!isTexts(atStart)) return [...now];
  const written = answerOf(readAttempt(solution), label);
  const says = (values: readonly string[]): boolean =>
    written !== undefined && values.some((value) => sameAnswer(written, value, tolerance));
  const [asksStart, asksNow] = [says(atStart), says(isTexts(atSolution) ? atSolution : now)];
  return [...(asksNow || !asksStart ? now : []), ...(asksStart || !asksNow ? atStart : [])];
}

/** It comes from a store. */
function isTexts(kept: unknown): kept is string[] {
  return Array.isArray(kept) && kept.every((each) => typeof each === 'string');
}

/** Says so where a number is asked for and something else was written; never what is right. */
function wrongAnswer(answer: string, right: readonly string[], name: string): string {
  const isNumber = (text: string): boolean => text !== '' && !Number.isNaN(Number(text));
  if (right.length > 0 && right.every((value) => isNumber(normal(value))) && !isNumber(normal(answer)))
    return `The ${name} is a number: write it alone behind “-- ${name}:”.`;
  return `The ${name} is not right.`;
}

/** Numbers within the tolerance (absolute, or a percentage of the right value); words whatever their case and spacing. */
export function sameAnswer(answer: string, right: string, tolerance: number | string): boolean {
  const [mine, theirs] = [normal(answer), normal(right)];
  const [x, y] = [Number(mine), Number(theirs)];
  // a query that found nothing makes nothing right
  if (mine === '' || theirs === '') return false;
  if (Number.isNaN(x) || Number.isNaN(y)) return mine === theirs;
  const allowed = typeof tolerance === 'number' ? tolerance : (Math.abs(y) * Number.parseFloat(tolerance)) / 100;
  return Math.abs(x - y) <= allowed + Number.EPSILON * Math.abs(y);
}

/** "1,200 blocks." is 1200; "Seq Scan" is seq scan. Digits' separators go, and a unit behind a number. */
function normal(answer: string): string {
  const text = answer
    .slice(0, 1000)
    .trim()
    .replace(/[.;]$/, '')
    .replace(/^["'`]|["'`]$/g, '')
    .toLowerCase();
  const number = /^([+-]?\d[\d,_ \u00a0\u202f]*(?:\.\d+)?)\s*(?:[a-z%]+)?$/.exec(text)?.[1];
  return number === undefined ? text.replace(/\s+/g, ' ') : String(Number(number.replace(/[,_\s]/g, '')));
}

/** Answers that a query may return; more are a list of everything. */
const MOST_ANSWERS = 100;

/** Every value is a right answer; NULL is an empty one, which nothing equals. */
async function fromQuery(session: Session, query: string): Promise<string[]> {
  const { rows } = await undone(session, () => session.run(query, { maxRows: MOST_ANSWERS }));
  return rows.flatMap((row) => row.map((cell) => cell ?? ''));
}

/** One value; none where the plan does not have the node that is asked for. */
async function fromPlan(session: Session, source: NonNullable<AnswerExpectation['plan']>): Promise<string[]> {
  const [statement] = statements(source.query);
  if (!statement) throw new Error('The exercise’s plan query is empty.');
  const { json } = await undone(session, () => explain(session, statement, { analyze: true }));
  const plan = readPlan(json);
  const node = selectNode(plan, source.node ?? {});
  return node ? [String(take(node, source.take) ?? '')] : [];
}

/** The node that a selector names: the root without one, else the first that fits. */
export function selectNode(plan: Plan, selector: NodeSelector): PlanNode | undefined {
  const { type, relation, most } = selector;
  const fitting = plan.nodes.filter(
    (node) => (type === undefined || node.type === type) && (relation === undefined || node.relation === relation),
  );
  if (most === undefined) return type === undefined && relation === undefined ? plan.nodes[0] : fitting[0];
  const among: Plan = { ...plan, nodes: fitting };
  if (most === 'exclusive-buffers') return worstByBuffers(among);
  if (most === 'estimate-error') return worstEstimate(among);
  const figure = (node: PlanNode): number =>
    most === 'rows' ? (node.totalRows ?? -1) : node.buffers ? sharedBuffers(node.buffers) : -1;
  return fitting.reduce<PlanNode | undefined>(
    (best, node) => (best && figure(best) >= figure(node) ? best : node),
    undefined,
  );
}

function take(node: PlanNode, what: NonNullable<AnswerExpectation['plan']>['take']): number | string | undefined {
  switch (what) {
    case 'buffers':
      return node.buffers && sharedBuffers(node.buffers);
    case 'exclusive-buffers':
      return node.exclusiveBuffers && sharedBuffers(node.exclusiveBuffers);
    case 'rows':
      return node.totalRows;
    case 'rows-per-loop':
      return node.rows;
    case 'planned-rows':
      return node.planRows;
    case 'loops':
      return node.loops;
    case 'temp':
      return node.exclusiveBuffers && node.exclusiveBuffers.tempRead + node.exclusiveBuffers.tempWritten;
    case 'removed':
      return removed(node);
    case 'type':
      return node.type;
    case 'relation':
      return node.relation;
    case 'index':
      return node.index;
  }
}

/** Rows removed by filters, over all loops. EXPLAIN prints them for one loop. */
function removed(node: PlanNode): number {
  let sum = 0;
  for (const name of Object.keys(node.properties)) {
    if (name.startsWith('Rows Removed by')) sum += figureOf(node.properties, name) ?? 0;
  }
  return sum * (node.loops ?? 1);
}
