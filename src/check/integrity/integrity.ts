import type { Exercise } from '../../course/lesson';
import type { Cell, Session } from '../../sql/session';
import { readAttempt, type Attempt } from '../attempt';
import { checkData } from '../kinds/data';
import type { Reference } from '../reference';
import type { Outcome } from '../verdict';
import { relationsOf, subjectSettings } from './compare';
import type { Category, Fact } from './fact';
import { findingsOf, type Finding } from './findings';
import { readInventory, type Inventory } from './inventory';
import { queryFacts, queryFindings } from './query';
import { sessionSettingsFinding, storedSettingsFinding } from './settings';
import { RESET } from './words';

/** More findings than these come of one cause, and tell nothing more. */
const MOST = 5;

/** A choice and a checklist are judged by what was ticked alone. */
export function asksDatabase(exercise: Exercise): boolean {
  return exercise.expect.some((expectation) => !('choice' in expectation || 'checklist' in expectation));
}

/** Whether the rows of the data set can change what the exercise's expectations find. */
export function dependsOnData(exercise: Exercise): boolean {
  return exercise.expect.some((expectation) => 'rows' in expectation || 'plan' in expectation || 'data' in expectation);
}

/** Whether the last query of the student's file is looked at; and the values it is run with, where it has parameters. */
export function judgedQuery(exercise: Exercise): { readonly parameters: readonly Cell[] } | undefined {
  let judged = false;
  for (const expectation of exercise.expect) {
    if ('rows' in expectation) judged = true;
    if ('plan' in expectation && expectation.plan.query === undefined) {
      judged = true;
      const values = expectation.plan.parameters?.[0];
      if (values) return { parameters: values.map((value) => (value === null ? null : String(value))) };
    }
  }
  return judged ? { parameters: [] } : undefined;
}

/** What was seen of the database's own shape. */
export interface Inspected {
  readonly findings: readonly Finding[];
  /** There are functions that are not PostgreSQL's. */
  readonly ownFunctions: boolean;
}

/**
 * What is wrong with the database's own shape: one statement. Before the expectations, which it may break.
 * @param session with `CATALOGS_ONLY` in force; it ends with `SEARCH_PATH`
 */
export async function inspect(
  session: Session,
  { inventory, settings = [] }: Reference,
): Promise<Inspected & { readonly stored: readonly Finding[] }> {
  const { facts, ownFunctions } = await readInventory(session, inventory.start, true);
  return {
    findings: findingsOf(inventory, facts),
    ownFunctions,
    stored: storedSettingsFinding(facts, settings, subjectSettings(inventory)),
  };
}

/**
 * The rest, after the expectations.
 * @param groups what they found
 * @returns with what was found before
 */
export async function inspectFurther(
  session: Session,
  exercise: Exercise,
  attempt: Attempt,
  reference: Reference,
  { findings, ownFunctions }: Inspected,
  groups: readonly (readonly Outcome[])[],
): Promise<Finding[]> {
  const found: Finding[] = [];
  const stated = exercise.expect.findIndex((expectation) => 'data' in expectation);
  let data = groups[stated]?.find(({ passed }) => !passed);
  if (stated === -1 && dependsOnData(exercise)) {
    const outcome = await checkData(session, reference.data, reference.dataSubjects);
    if (!outcome.passed) found.push((data = outcome));
  }
  found.unshift(...(data ? besideOtherRows(findings, data.table) : findings));
  const judged = judgedQuery(exercise);
  if (judged && attempt.query && reference.query) {
    const reads = groups.flat().find((outcome) => outcome.reads?.length)?.reads;
    const facts = await queryFacts(session, attempt.query, judged.parameters, ownFunctions, reads);
    if (facts) found.push(...queryFindings(facts, reference.query, relationsOf(reference.inventory.start)));
  }
  if (exercise.expect.some((expectation) => 'plan' in expectation))
    found.push(...sessionSettingsFinding(exercise, attempt.text));
  return found;
}

/**
 * Rows that are others are counted otherwise: nobody wrote the counts by hand. And where much of a table is not as it
 * was, another stands in its place: a reset brings all of it back, and each part need not be told.
 */
function besideOtherRows(findings: readonly Finding[], table: string | undefined): Finding[] {
  const parts = findings.filter(({ fact }) => fact !== undefined && fact.object === table && PARTS.has(fact.category));
  return findings.filter(
    (finding) => finding.fact?.category !== 'size' && (parts.length <= FEW || !parts.includes(finding)),
  );
}

/** What a copy of a table comes without. */
const PARTS = new Set<Category>(['column', 'constraint', 'storage']);

/** So many differences of one table may each have been made by a statement. */
const FEW = 2;

export function asOutcomes(findings: readonly Finding[]): Outcome[] {
  const outcomes = findings.map(({ message, behaviour, harmless = false }) => ({
    passed: harmless,
    message,
    behaviour,
    points: 0,
    ...(harmless && { note: true }),
  }));
  outcomes.sort((a, b) => Number(a.passed) - Number(b.passed));
  const rest = outcomes.slice(MOST).filter(({ passed }) => !passed).length;
  if (rest === 0) return outcomes.slice(0, MOST);
  return [
    ...outcomes.slice(0, MOST),
    { passed: false, points: 0, message: `${rest} more of the kind. ${RESET}`, behaviour: 'integrity: more' },
  ];
}

/** What the solution's query reads and calls. */
export async function measureQuery(
  session: Session,
  exercise: Exercise,
  { facts: solution, ownFunctions }: Inventory,
  start: readonly Fact[],
): Promise<Reference['query']> {
  const judged = judgedQuery(exercise);
  const query = readAttempt(exercise.solution.text).query;
  if (!judged || !query) return undefined;
  const facts = await queryFacts(session, query, judged.parameters, ownFunctions);
  const before = relationsOf(start);
  return {
    reads: facts?.reads ?? [],
    functions: [...(facts?.functions.map(({ name }) => name) ?? []), ...(facts?.runsText ?? [])],
    ownTables: [...relationsOf(solution)].some(([name, kind]) => !before.has(name) && !kind.startsWith('v')),
  };
}
