import { newestTransaction } from '../newestTransaction';
import { CATEGORIES, schemaPrefix, type Category, type Fact } from './fact';
import type { Row } from './inventorySelects';

/** Puts together here what would be joins there: planning twenty of them takes longer than reading the rows. */
export function factsOf(rows: readonly Row[]): Fact[] {
  const of = new Map<string, Row[]>();
  for (const row of rows) {
    const known = of.get(row[0]);
    if (known) known.push(row);
    else of.set(row[0], [row]);
  }
  const prefixes = new Map(of.get('schema')?.map(([, oid, name]) => [oid, schemaPrefix(name)]));
  const relations = new Map<string, Relation>();
  for (const [, oid, name, value] of of.get('relation') ?? []) {
    const [schema = '', ...rest] = value.split('|');
    const prefix = prefixes.get(schema);
    if (prefix !== undefined) relations.set(oid, relation(prefix + name, rest));
  }
  const backing = new Set(
    of.get('constraint')?.map(([, owner, , value]) => `${owner} ${value.slice(value.indexOf(' ') + 1)}`),
  );
  /** By category: in the order of `CATEGORIES`. */
  const facts = new Map<Category, Fact[]>(CATEGORIES.map((category) => [category, []]));
  for (const each of relations.values()) for (const fact of factsOfRelation(each)) facts.get(fact.category)?.push(fact);
  for (const [category, known] of facts) {
    if (category === 'relation') continue;
    for (const row of of.get(category) ?? []) {
      const fact = factOf(category, row, relations, backing);
      if (fact) known.push(fact);
    }
  }
  return [...facts.values()].flat();
}

/** @param backing indexes of constraints, with their tables */
function factOf(
  category: Category,
  [, owner, name, value]: Row,
  relations: ReadonlyMap<string, Relation>,
  backing: ReadonlySet<string>,
): Fact | undefined {
  if (category === 'catalog') return { category, object: owner, name, value: newest(value) };
  if (!OF_RELATIONS.has(category)) return { category, object: owner, name, value };
  const of = relations.get(owner);
  if (!of) return undefined;
  const object = of.name;
  if (category === 'inheritance') {
    const child = relations.get(name)?.name;
    return child === undefined ? undefined : { category, object, name: child, value };
  }
  if (!isTable(of)) return undefined;
  if (category === 'constraint') return { category, object, name, value: value.slice(0, value.indexOf(' ')) };
  if (category !== 'index') return { category, object, name, value };
  const [valid = '', oid = '', ...index] = value.split(' ');
  const role = backing.has(`${owner} ${oid}`) ? 'constraint' : 'plain';
  const definition = name.slice(name.indexOf(USING) + USING.length);
  return { category, object, name: definition, value: `${valid} ${role} ${index.join(' ')}` };
}

const USING = ' USING ';

/** Categories whose rows are of a relation, and are left out with it; but for inheritance of a table. */
const OF_RELATIONS = new Set<Category>(['column', 'trigger', 'rule', 'inheritance', 'constraint', 'index']);

interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly persistence: string;
  readonly secured: boolean;
  readonly size: string;
  readonly tablespace: string;
  readonly method: string;
  readonly options: string;
}

function relation(name: string, values: readonly string[]): Relation {
  const [kind = '', persistence = '', secured, size = '', tablespace = '', method = '', ...options] = values;
  return { name, kind, persistence, secured: secured === 't', size, tablespace, method, options: options.join('|') };
}

function isTable({ kind }: Pick<Relation, 'kind'>): boolean {
  return kind === 'r' || kind === 'p';
}

function factsOfRelation({
  name: object,
  kind,
  persistence,
  secured,
  size,
  tablespace,
  method,
  options,
}: Relation): Fact[] {
  const facts: Fact[] = [{ category: 'relation', object, name: '', value: kind + persistence }];
  if (!isTable({ kind })) return facts;
  const storage = [options, tablespace === '0' ? '' : `tablespace ${tablespace}`, method].filter((part) => part !== '');
  if (storage.length > 0) facts.push({ category: 'storage', object, name: '', value: storage.join(' ') });
  if (secured) facts.push({ category: 'security', object, name: '', value: 'on' });
  if (kind === 'r') facts.push({ category: 'size', object, name: '', value: size });
  return facts;
}

/** What `newestRows` gives, as it stays: ages grow. Rows of initdb's may have none. */
function newest(text: string): string {
  const [third = '', ...each] = text.split(' ');
  return each
    .map((row) => {
      const [count = '', age = ''] = row.slice(1, -1).split(',');
      return `${count} ${age === NO_AGE ? '0' : newestTransaction(age, third)}`;
    })
    .join(' ');
}

const NO_AGE = '2147483647';
