import type { IndexExpectation } from '../../course/schema';
import type { Session } from '../../sql/session';
import type { Outcome } from '../verdict';
import {
  findRelation,
  indexAsPostgres,
  PARTS,
  readParts,
  splitKey,
  type IndexParts,
  type Relation,
} from './asPostgres';

interface FoundIndex extends IndexParts {
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  readonly valid: boolean;
}

/** An index of a table, by what it is. */
export async function checkIndex(session: Session, expectation: IndexExpectation): Promise<Outcome[]> {
  const { table, absent } = expectation;
  const relation = await findRelation(session, table);
  if (!relation)
    return [{ passed: absent, message: `There is no table ${table}.`, behaviour: `index ${table}: no-table` }];
  const indexes = await indexesOf(session, relation);
  const most = expectation['at-most'];
  const outcomes: Outcome[] = [];
  if (describes(expectation)) outcomes.push(await described(session, expectation, relation, indexes));
  if (most !== undefined) {
    const passed = indexes.length <= most;
    const has = `${table} has ${indexes.length} ${indexes.length === 1 ? 'index' : 'indexes'}`;
    outcomes.push({
      passed,
      message: passed ? `${has}.` : `${has}; ${most} at most are asked for.`,
      ...(!passed && { seen: indexes.map(({ name }) => name).join(', ') }),
      behaviour: `index ${table} count: ${String(passed)}`,
    });
  }
  return outcomes;
}

/** Whether it says what an index is, not only how many there may be. */
function describes({ name, on, include, unique, method, where, absent }: IndexExpectation): boolean {
  return absent || [name, on, include, unique, method, where].some((fact) => fact !== undefined);
}

async function described(
  session: Session,
  expectation: IndexExpectation,
  relation: Relation,
  indexes: readonly FoundIndex[],
): Promise<Outcome> {
  const { table, absent, on, where, method } = expectation;
  const condition = typeof where === 'string' ? where : undefined;
  const wanted =
    on === undefined && condition === undefined
      ? undefined
      : // any key serves where only the condition is stated
        await indexAsPostgres(session, relation, { on: on ?? ['1'], where: condition, ...(on && { method }) });
  if (!wanted && on !== undefined)
    return {
      passed: absent,
      message: absent
        ? `${table} has no such index.`
        : `${table} cannot have the index that is asked for: a column is missing.`,
      behaviour: `index ${table}: no-column`,
    };
  const judged = indexes.map((index) => ({ index, wrong: misfit(expectation, wanted, index) }));
  const right = judged.find(({ wrong }) => wrong === undefined)?.index;
  const behaviour = `index ${table}: ${right ? 'there' : [...indexes].map(definition).sort().join('; ')}`;
  if (absent)
    return right
      ? { passed: false, message: `${right.name} is still there.`, seen: titleOf(right), behaviour }
      : { passed: true, message: `${table} has no such index.`, behaviour };
  if (right)
    return { passed: true, message: `${right.name} is the index that is asked for.`, seen: titleOf(right), behaviour };
  // the nearest: right columns, wrong in what else is asked for
  const near = judged.find(
    ({ index, wrong }) =>
      wrong !== '' && (on === undefined ? indexes.length === 1 : hasKey(expectation, wanted, index)),
  );
  return {
    passed: false,
    message: near?.wrong ?? `No index of ${table} is the one that is asked for.`,
    seen: indexes.length === 0 ? 'none' : indexes.slice(0, 5).map(titleOf).join('; '),
    behaviour,
  };
}

/** What keeps an index from being the one, as a sentence; empty where it is quite another. */
function misfit(expectation: IndexExpectation, wanted: IndexParts | undefined, index: FoundIndex): string | undefined {
  const { name, on, include, unique, method, where, valid } = expectation;
  if (name !== undefined && index.name !== name)
    return on ? `${index.name} is called otherwise; ${name} is asked for.` : '';
  if (on && !hasKey(expectation, wanted, index)) return '';
  if (on && wanted && !hasClasses(wanted, index)) return `${index.name} has another operator class.`;
  if (on && !hasDirections(on, wanted, index)) return `${index.name} is sorted in another direction.`;
  if (method !== undefined && index.method !== method.toLowerCase())
    return `${index.name} is a ${index.method} index; ${method.toLowerCase()} is asked for.`;
  if (unique !== undefined && index.unique !== unique)
    return unique ? `${index.name} is not unique.` : `${index.name} is unique.`;
  const isPartial = index.predicate !== undefined;
  if (where === true && !isPartial) return `${index.name} is not partial.`;
  if (where === false && isPartial) return `${index.name} is partial.`;
  if (typeof where === 'string' && index.predicate !== wanted?.predicate)
    return isPartial ? `${index.name} has another condition.` : `${index.name} is not partial.`;
  const missing = include?.filter((column) => !index.include.some((each) => bare(each) === bare(column)));
  if (missing && missing.length > 0) return `${index.name} does not include all columns that are asked for.`;
  if (valid && !index.valid) return `${index.name} is not valid: its building failed.`;
  return undefined;
}

function hasKey({ on, prefix }: IndexExpectation, wanted: IndexParts | undefined, index: FoundIndex): boolean {
  if (!on || !wanted) return false;
  return wanted.keys.every((key, at) => key === index.keys[at]) && (prefix || index.keys.length === wanted.keys.length);
}

function hasClasses(wanted: IndexParts, index: FoundIndex): boolean {
  return wanted.classes.every((name, at) => name === '' || name === index.classes[at]);
}

/** Only where a direction is stated; all reversed is the same to a scan. */
function hasDirections(on: readonly string[], wanted: IndexParts | undefined, index: FoundIndex): boolean {
  if (!on.some((part) => splitKey(part).rest.trim() !== '')) return true;
  const options = wanted?.options ?? [];
  // descending and nulls first are one bit each: reversed, both are turned
  return (
    options.every((option, at) => option === index.options[at]) ||
    options.every((option, at) => (option ^ 3) === index.options[at])
  );
}

async function indexesOf(session: Session, { oid }: Relation): Promise<FoundIndex[]> {
  const { rows } = await session.run(
    `SELECT c.relname, a.amname, i.indisunique, i.indisvalid AND i.indisready AND i.indislive, ${PARTS}
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am a ON a.oid = c.relam
     WHERE i.indrelid = $1::pg_catalog.oid ORDER BY c.relname`,
    { parameters: [oid] },
  );
  return rows.map(([name, method, unique, valid, ...parts]) => ({
    name: name ?? '',
    method: method ?? '',
    unique: unique === 't',
    valid: valid === 't',
    ...readParts(parts),
  }));
}

/** Whatever its name: two attempts with the same indexes behave the same. */
function definition(index: FoundIndex): string {
  const { method, unique, keys, options, include, predicate } = index;
  return `${unique ? 'unique ' : ''}${method} (${keys.map((key, at) => `${key}/${options[at] ?? 0}`).join(', ')}) (${include.join(', ')})${predicate ?? ''}`;
}

function titleOf({ name, keys, predicate }: FoundIndex): string {
  return `${name} (${keys.join(', ')})${predicate === undefined ? '' : ` WHERE ${predicate}`}`;
}

function bare(text: string): string {
  return /^"([^"]+)"$/.exec(text.trim())?.[1] ?? text.trim();
}
