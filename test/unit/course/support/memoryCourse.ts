import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CourseFiles } from '../../../../src/course/load';
import type { Problem, TextEdit } from '../../../../src/course/problem';
import { Lines, normalizeText } from '../../../../src/course/text';
import { loadSqlParser } from '../../../../src/parser/loadSqlParser';
import type { SqlParser } from '../../../../src/sql/parsed';

export const repoRoot = path.join(__dirname, '../../../..');

export type Folder = Readonly<Record<string, string>>;

/** A course's folder in memory; folders are listed as a file system lists them. */
export function folderOf(files: Folder): CourseFiles {
  return {
    read: (name) => {
      const text = files[name];
      return text === undefined ? Promise.reject(new Error(`no ${name}`)) : Promise.resolve(text);
    },
    list: (folder) => {
      const start = folder === '' ? '' : `${folder}/`;
      const names = Object.keys(files).filter((name) => name.startsWith(start));
      return Promise.resolve([...new Set(names.map((name) => name.slice(start.length).split('/')[0]!))]);
    },
  };
}

export function sqlParser(): Promise<SqlParser> {
  return loadSqlParser(readFileSync(path.join(repoRoot, 'node_modules/libpg-query/wasm/libpg-query.wasm')));
}

/** The text under a problem's range. */
export function under(source: string, { range }: Problem): string {
  const lines = new Lines(normalizeText(source));
  return lines.text.slice(
    lines.offset(range.startLine, range.startCharacter),
    lines.offset(range.endLine, range.endCharacter),
  );
}

export function applied(source: string, edits: readonly TextEdit[]): string {
  const lines = new Lines(normalizeText(source));
  const offsets = edits
    .map(({ range, text }) => ({
      start: lines.offset(range.startLine, range.startCharacter),
      end: lines.offset(range.endLine, range.endCharacter),
      text,
    }))
    .sort((a, b) => b.start - a.start);
  return offsets.reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), lines.text);
}
