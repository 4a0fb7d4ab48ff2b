import type { ParsedStatement, RelationName } from '../sql/parsed';

/** libpg_query's JSON: protobuf's form of PostgreSQL's parse tree. Fields that hold a default are left out. */
export interface Tree {
  readonly stmts?: readonly { readonly stmt?: TreeNode; readonly stmt_location?: number }[];
}

type TreeNode = Readonly<Record<string, unknown>>;

/** What the names of relations, new relations and parameters are gathered into. */
interface Found {
  readonly relations: RelationName[];
  readonly creates: RelationName[];
  readonly commons: Set<string>;
  parameters: number;
}

/** Objects that are no relations to read from, though they are named like one. */
const NO_TABLES = new Set(['OBJECT_INDEX', 'OBJECT_SEQUENCE', 'OBJECT_TYPE']);

export function readTree(tree: Tree, offsetOf: (byte: number) => number): ParsedStatement[] {
  return (tree.stmts ?? []).flatMap(({ stmt, stmt_location: start }): ParsedStatement[] => {
    const [kind, node] = entry(stmt);
    if (kind === undefined || node === undefined) return [];
    const found: Found = { relations: [], creates: [], commons: new Set(), parameters: 0 };
    statement(kind, node, found, offsetOf);
    const columns = kind === 'SelectStmt' ? columnsOf(node) : undefined;
    return [
      {
        kind,
        offset: offsetOf(start ?? 0),
        relations: found.relations.filter(({ name, schema }) => schema !== undefined || !found.commons.has(name)),
        creates: found.creates,
        parameters: found.parameters,
        ...(columns && { columns }),
        flags: flagsOf(kind, node),
      },
    ];
  });
}

function statement(kind: string, node: TreeNode, found: Found, offsetOf: (byte: number) => number): void {
  const create = (value: unknown): void => {
    const name = rangeVar(value, offsetOf);
    if (name) found.creates.push(name);
  };
  if (kind === 'CreateForeignTableStmt') {
    create(record(node['base_stmt'] ?? node['base'])?.['relation']);
    return;
  }
  // what is made is not read
  let made: string | undefined;
  if (kind === 'ViewStmt') made = 'view';
  else if (kind === 'CreateSeqStmt') made = 'sequence';
  else if (kind === 'CreateStmt') made = 'relation';
  if (made !== undefined) create(node[made]);
  else if (kind === 'CreateTableAsStmt') {
    made = 'into';
    create(record(node['into'])?.['rel']);
  } else if (
    kind === 'RenameStmt' &&
    (node['renameType'] === 'OBJECT_TABLE' ||
      node['renameType'] === 'OBJECT_VIEW' ||
      node['renameType'] === 'OBJECT_MATVIEW')
  ) {
    const old = rangeVar(node['relation'], offsetOf);
    const name = text(node['newname']);
    if (old && name !== undefined) found.creates.push({ name, offset: old.offset });
  }
  const type = text(node['objtype']) ?? text(node['renameType']) ?? text(node['kind']) ?? '';
  const isNoTable = NO_TABLES.has(type) || kind === 'ReindexStmt' || kind === 'AlterSeqStmt';
  walk(node, made ?? (isNoTable ? 'relation' : undefined), found, offsetOf);
}

/**
 * Without recursion: a statement may be nested as deep as it likes.
 * @param skipped a key of the root
 */
function walk(root: TreeNode, skipped: string | undefined, found: Found, offsetOf: (byte: number) => number): void {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (Array.isArray(node)) {
      for (let at = node.length - 1; at >= 0; at--) stack.push(node[at]);
      continue;
    }
    const fields = record(node);
    if (!fields) continue;
    const keys = Object.keys(fields);
    for (let at = keys.length - 1; at >= 0; at--) {
      const key = keys[at] ?? '';
      const value = fields[key];
      // all that is looked for is made of objects
      if (typeof value !== 'object' || value === null || (node === root && key === skipped)) continue;
      if (key === 'RangeVar' || key === 'relation' || key === 'pktable') {
        const name = rangeVar(value, offsetOf);
        if (name) {
          found.relations.push(name);
          continue;
        }
      } else if (key === 'CommonTableExpr') {
        const name = text(record(value)?.['ctename']);
        if (name !== undefined) found.commons.add(name);
      } else if (key === 'ParamRef') {
        const number = record(value)?.['number'];
        if (typeof number === 'number') found.parameters = Math.max(found.parameters, number);
      } else if (key === 'into' || key === 'intoClause') {
        const name = rangeVar(record(record(value)?.['IntoClause'] ?? value)?.['rel'], offsetOf);
        if (name) {
          found.creates.push(name);
          continue;
        }
      }
      stack.push(value);
    }
  }
}

function rangeVar(value: unknown, offsetOf: (byte: number) => number): RelationName | undefined {
  const node = record(value);
  const name = text(node?.['relname']);
  if (node === undefined || name === undefined) return undefined;
  const schema = text(node['schemaname']);
  const location = typeof node['location'] === 'number' ? node['location'] : 0;
  return { name, offset: offsetOf(location), ...(schema !== undefined && { schema }) };
}

/** The names a SELECT's columns get (parse_target.c, FigureColname), where they can be told without the catalog. */
function columnsOf(select: TreeNode): string[] | undefined {
  let first: TreeNode | undefined = select;
  while (first && record(first['larg'])) first = record(first['larg']);
  const targets = first?.['targetList'];
  if (!Array.isArray(targets)) return undefined;
  const names: string[] = [];
  for (const target of targets) {
    const result = record(record(target)?.['ResTarget']);
    const name = text(result?.['name']) ?? columnName(result?.['val']);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}

function columnName(value: unknown): string | undefined {
  const [kind, node] = entry(record(value));
  if (!node) return undefined;
  if (kind === 'ColumnRef') {
    const fields = node['fields'];
    const last: unknown = Array.isArray(fields) ? fields.at(-1) : undefined;
    return text(record(record(last)?.['String'])?.['sval']);
  }
  if (kind === 'FuncCall') {
    const names = node['funcname'];
    const last: unknown = Array.isArray(names) ? names.at(-1) : undefined;
    return text(record(record(last)?.['String'])?.['sval']);
  }
  if (kind === 'TypeCast') return columnName(node['arg']);
  if (kind === 'CoalesceExpr') return 'coalesce';
  return undefined;
}

function flagsOf(kind: string, node: TreeNode): string[] {
  const flags: string[] = [];
  if (node['concurrent'] === true || node['concurrently'] === true) flags.push('concurrently');
  const parameters = Array.isArray(node['params']) ? node['params'] : [];
  if (parameters.some((each) => text(record(record(each)?.['DefElem'])?.['defname']) === 'concurrently'))
    flags.push('concurrently');
  if (kind === 'CopyStmt' && node['filename'] === undefined && node['is_from'] === true && node['is_program'] !== true)
    flags.push('copy-from-stdin');
  if (kind === 'CopyStmt' && (node['filename'] !== undefined || node['is_program'] === true)) flags.push('copy-file');
  if (kind === 'VacuumStmt' && node['is_vacuumcmd'] === true) flags.push('vacuum');
  if (kind === 'TransactionStmt') flags.push('transaction');
  return flags;
}

function entry(node: TreeNode | undefined): [string | undefined, TreeNode | undefined] {
  const [kind] = node ? Object.keys(node) : [];
  return [kind, kind === undefined ? undefined : record(node?.[kind])];
}

function record(value: unknown): TreeNode | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TreeNode) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
