import { NEEDS as COURSE_NEEDS } from '../needs';
import type { Relation } from './relations';
import type { YamlPath } from './yamlPlace';

/** What the course around a file has, for its names. */
export interface CourseNames {
  /** Files of `datasets/`, without `.sql`. */
  readonly datasets: readonly string[];
  /** Of the lesson's data set. */
  readonly relations: readonly Relation[];
  /** Folders of the course with markdown files in them. */
  readonly folders: readonly string[];
}

export interface Name {
  readonly name: string;
  readonly detail: string;
}

/** What a lesson may need beyond a plain PostgreSQL. */
export const NEEDS: readonly Name[] = [
  ...Object.entries(COURSE_NEEDS).map(([name, { summary }]) => ({ name, detail: summary })),
  { name: 'extension:pgstattuple', detail: 'an extension, by its name' },
];

/** Keys whose values, or items, are names of the data set's relations. */
const RELATION_KEYS = new Set(['relation', 'relations', 'table', 'tables', 'of']);
/** Maps whose keys are names of relations. */
const RELATION_MAPS = new Set(['reads', 'tables', 'relations']);
const COLUMN_KEYS = new Set(['on', 'columns', 'column', 'include', 'order', 'key', 'keys']);

/** Names that fit as a value at a path. `text` gives the whole map around it: a table named there has the columns. */
export function namesAt(
  kind: 'front' | 'exercise' | 'course',
  path: YamlPath,
  names: CourseNames,
  around: string,
): Name[] {
  const key = path.findLast((part) => typeof part === 'string');
  if (typeof key !== 'string') return [];
  if (kind === 'front') {
    if (key === 'dataset') return names.datasets.map((name) => ({ name, detail: `datasets/${name}.sql` }));
    return key === 'needs' ? [...NEEDS] : [];
  }
  if (kind === 'course') return key === 'folder' ? names.folders.map((name) => ({ name, detail: 'folder' })) : [];
  if (RELATION_KEYS.has(key)) return relationNames(names);
  if (COLUMN_KEYS.has(key)) return columnNames(names, path, around);
  return [];
}

/** Names that fit as keys of the map at a path: relations in `reads`. */
export function keyNamesAt(path: YamlPath, names: CourseNames): Name[] {
  const last = path.at(-1);
  return typeof last === 'string' && RELATION_MAPS.has(last) ? relationNames(names) : [];
}

/** Whether a word at a path means a relation of the data set. */
export function isRelationName(path: YamlPath, token: 'key' | 'value'): boolean {
  if (token === 'key') {
    const map = path.at(-2);
    return typeof map === 'string' && RELATION_MAPS.has(map);
  }
  const key = path.findLast((part) => typeof part === 'string');
  return typeof key === 'string' && RELATION_KEYS.has(key);
}

function relationNames({ relations }: CourseNames): Name[] {
  return relations.map(({ name, kind, columns }) => ({
    name,
    detail: columns.length === 0 ? kind : `${kind} (${columns.map((column) => column.name).join(', ')})`,
  }));
}

/** Columns of the table that the text around names; without one, of all. */
function columnNames({ relations }: CourseNames, path: YamlPath, around: string): Name[] {
  const named = relations.filter(
    ({ name }) =>
      path.includes(name) || new RegExp(`\\b(?:table|relation):\\s*["']?${escapeRegExp(name)}\\b`).test(around),
  );
  return (named.length > 0 ? named : relations).flatMap(({ name, columns }) =>
    columns.map((column) => ({ name: column.name, detail: `${name}.${column.name} ${column.type}`.trimEnd() })),
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
