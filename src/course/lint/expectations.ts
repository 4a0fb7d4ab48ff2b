import type { ParsedSql, SqlParser } from '../../sql/parsed';
import { closest } from '../closest';
import type { ExerciseSource } from '../exercises';
import type { Problem } from '../problem';
import type { YamlText } from '../yamlText';
import { change, problem } from './rules';
import { syntax, unknownRelation, unknownRelations, type KnownRelations, type SqlPiece } from './sql';

type Path = readonly PropertyKey[];

/** Keys whose values are names of relations, and maps whose keys are. */
const RELATION_KEYS = new Set(['relation', 'table', 'references']);
const RELATION_MAPS = new Set(['reads']);

/** Queries, parameters, bounds, tables and sort keys that an exercise's `expect` names. */
export function lintExpectations(
  source: ExerciseSource,
  solution: ParsedSql | undefined,
  known: KnownRelations,
  parseSql: SqlParser,
): Problem[] {
  if (!source.parsed.value) return [];
  const yaml = source.parsed.source;
  const expect = field(yaml.read().data, 'expect');
  const lint = new ExpectationLint(yaml, solution, known, parseSql);
  for (const [index, item] of list(expect).entries()) lint.visit(item, ['expect', index], item);
  return lint.problems;
}

class ExpectationLint {
  readonly problems: Problem[] = [];

  constructor(
    private readonly yaml: YamlText,
    private readonly solution: ParsedSql | undefined,
    private readonly known: KnownRelations,
    private readonly parseSql: SqlParser,
  ) {}

  /** @param item the whole expectation */
  visit(value: unknown, path: Path, item: unknown): void {
    if (Array.isArray(value)) for (const [index, each] of value.entries()) this.visit(each, [...path, index], item);
    if (typeof value === 'string') this.bound(value, path);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, key];
      // texts for people: an option of a choice may be called anything
      if (['options', 'items', 'message', 'explanation'].includes(key) && field(item, 'table') === undefined) continue;
      if (key === 'query' && typeof inner === 'string') this.query(inner, at, value, path);
      else if ((key === 'refuses' || key === 'accepts') && Array.isArray(inner)) this.statements(inner, at);
      else if (key === 'order')
        this.order(list(typeof inner === 'string' ? [inner] : inner), at, typeof inner === 'string');
      else if (RELATION_MAPS.has(key)) this.relationKeys(inner, at);
      else if (RELATION_KEYS.has(key) && typeof inner === 'string') this.relation(inner, at, value);
      else this.visit(inner, at, item);
    }
  }

  private query(text: string, path: Path, around: object, parent: Path): void {
    const piece = this.piece(text, path);
    const found = [...syntax(piece), ...unknownRelations(piece, this.known)];
    this.problems.push(...found);
    const { statements, error } = piece.parsed;
    if (error) return;
    const [first, second] = statements;
    if (!first) {
      this.problems.push(
        problem('not-one-statement', 'There is no statement in this query.', this.yaml.valueRange(path)),
      );
      return;
    }
    if (second) {
      const at = second.offset + (/^\s*/.exec(text.slice(second.offset))?.[0].length ?? 0);
      this.problems.push(
        problem(
          'not-one-statement',
          'A query is one statement: here the next one begins.',
          piece.range(at, text.trimEnd().length),
        ),
      );
      return;
    }
    // a plan can be that of an UPDATE; what is compared or must be true has to be rows
    if (parent.at(-1) !== 'plan' && first.kind !== 'SelectStmt')
      this.problems.push(
        problem('not-a-query', 'This statement returns no rows to look at: a SELECT does.', this.yaml.valueRange(path)),
      );
    this.parameters(first.parameters, around, path, parent);
  }

  private parameters(count: number, around: object, path: Path, parent: Path): void {
    const rows = field(around, 'parameters');
    if (rows === undefined) {
      if (count > 0)
        this.problems.push(
          problem(
            'parameter-count',
            `The query has $${count}, but there are no parameters.`,
            this.yaml.valueRange(path),
          ),
        );
      return;
    }
    for (const [index, row] of list(rows).entries()) {
      const given = Array.isArray(row) ? row.length : 1;
      if (given === count) continue;
      const wants = count === 0 ? 'no parameters' : `$1${count > 1 ? ` to $${count}` : ''}`;
      const message = `The query has ${wants}, this row has ${given} value${given === 1 ? '' : 's'}.`;
      this.problems.push(problem('parameter-count', message, this.yaml.valueRange([...parent, 'parameters', index])));
    }
  }

  private statements(items: readonly unknown[], path: Path): void {
    for (const [index, item] of items.entries())
      if (typeof item === 'string') this.problems.push(...syntax(this.piece(item, [...path, index])));
  }

  private order(keys: readonly unknown[], path: Path, isText: boolean): void {
    const columns = this.solution?.statements.findLast(({ kind }) => kind === 'SelectStmt')?.columns;
    if (!columns || (isText && keys[0] === 'exact')) return;
    for (const [index, key] of keys.entries()) {
      if (typeof key !== 'string') continue;
      const name = /^\s*(?:"((?:[^"]|"")+)"|(.+?))(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$/i.exec(key);
      const column = name?.[1]?.replaceAll('""', '"') ?? name?.[2] ?? key;
      if (columns.includes(column) || columns.includes(column.toLowerCase())) continue;
      const near = closest(column, columns);
      const start = key.indexOf(column);
      const at = isText ? path : [...path, index];
      const range = start === -1 ? this.yaml.valueRange(at) : this.yaml.textRange(at, start, start + column.length);
      const advice = near === undefined ? `It has ${columns.join(', ')}.` : `Did you mean “${near}”?`;
      this.problems.push(
        problem(
          'unknown-order-key',
          `The solution’s result has no column “${column}”. ${advice}`,
          range,
          change(range, near),
        ),
      );
    }
  }

  private relationKeys(value: unknown, path: Path): void {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      const { name, schema } = split(key);
      if (!this.known.has(name, schema))
        this.problems.push(unknownRelation(name, this.known, this.yaml.keyRange(path, key)));
    }
  }

  private relation(value: string, path: Path, around: object): void {
    if (field(around, 'absent') === true) return;
    const { name, schema } = split(value);
    if (!this.known.has(name, schema))
      this.problems.push(unknownRelation(name, this.known, this.yaml.valueRange(path)));
  }

  private bound(text: string, path: Path): void {
    const [, factor, of] = /^(\d+(?:\.\d+)?)\s*[x×]\s*(solution|start)$/.exec(text) ?? [];
    if (factor === undefined) return;
    const times = Number(factor);
    const reason =
      of === 'solution' && times < 1
        ? 'Less than what the solution has: the solution would not pass.'
        : of === 'start' && times >= 1
          ? 'As much as at the start: the starter passes already.'
          : times === 0
            ? 'Nothing can be at most 0 times of anything.'
            : undefined;
    if (reason !== undefined) this.problems.push(problem('senseless-bound', reason, this.yaml.valueRange(path)));
  }

  private piece(text: string, path: Path): SqlPiece {
    return {
      text,
      parsed: this.parseSql(text),
      isStarter: false,
      range: (from, to) => this.yaml.textRange(path, from, to),
    };
  }
}

function split(name: string): { name: string; schema?: string } {
  const parts = name.split('.').map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
  const [schema, table] = parts;
  return table === undefined || schema === undefined ? { name: name.trim() } : { name: table, schema };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
