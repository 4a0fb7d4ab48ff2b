import { idOf } from './edits';
import { fix, insertion, problem } from './lint/rules';
import type { Problem } from './problem';
import { frontMatterSchema, type FrontMatter } from './schema';
import type { Lines } from './text';
import { parseYaml } from './yaml';
import type { YamlText } from './yamlText';

export interface FrontMatterPart {
  /** Absent when it is not usable. */
  readonly value: FrontMatter | undefined;
  readonly problems: readonly Problem[];
  readonly source: YamlText | undefined;
  /** The first line behind it, and where that begins. */
  readonly bodyLine: number;
  readonly bodyStart: number;
}

/** Reads what stands between the first two lines of `---`. */
export function readFrontMatter(lines: Lines, path: string): FrontMatterPart {
  const { text } = lines;
  const broken = (problems: readonly Problem[]): FrontMatterPart => ({
    value: undefined,
    problems,
    source: undefined,
    bodyLine: 0,
    bodyStart: 0,
  });
  if (!/^---[ \t]*(?:\n|$)/.test(text)) {
    const title = /^#{1,6} +(.+)$/m.exec(text)?.[1]?.trim() ?? '';
    const id = defaultId(title, path);
    const matter = `---\nid: ${id}\ntitle: ${quoted(title || id)}\nkind: tutorial\nminutes: 30\n---\n`;
    return broken([
      problem(
        'no-front-matter',
        'A lesson starts with front matter between two lines of ---: id, title, kind and minutes.',
        lines.lineRange(0),
        [fix('Add front matter', insertion(0), matter)],
      ),
    ]);
  }
  const first = text.indexOf('\n') + 1;
  const closing = first === 0 ? null : closingLine(text, first);
  if (!closing) {
    let end = 1;
    while (/^(?:[A-Za-z][\w-]*:|[ \t]+\S|- )/.test(lines.line(end))) end++;
    const message = 'The front matter is not closed: put a line of --- below its last key.';
    const at = end < lines.count ? insertion(end) : lines.range(text.length);
    const marks = end < lines.count ? '---\n' : '\n---\n';
    return broken([
      problem('no-front-matter', message, lines.lineRange(0), [fix('Close the front matter', at, marks)]),
    ]);
  }
  const defaults = () => {
    const title = /^title:[ \t]*['"]?([^'"\n]+)/m.exec(text.slice(first, closing.start))?.[1] ?? '';
    const heading = /^#{1,6} +(.+)$/m.exec(text.slice(closing.end))?.[1]?.trim() ?? '';
    const id = defaultId(title || heading, path);
    return { id, title: quoted(heading || id), kind: 'tutorial', minutes: '30' };
  };
  const { value, problems, source } = parseYaml(text.slice(first, closing.start), frontMatterSchema, 1, defaults);
  return { value, problems, source, bodyLine: closing.line + 1, bodyStart: closing.end };
}

function closingLine(text: string, from: number): { start: number; end: number; line: number } | null {
  for (let at = from, line = 1; at <= text.length; line++) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    if (text.startsWith('---', at) && text.slice(at, end).trim() === '---')
      return { start: at, end: newline === -1 ? end : newline + 1, line };
    if (newline === -1) return null;
    at = newline + 1;
  }
  return null;
}

function defaultId(title: string, path: string): string {
  const name = path.split('/').at(-1) ?? '';
  return idOf(title) || idOf(name.replace(/\.md$/i, '').replace(/^\d+[-_. ]*/, '')) || 'lesson';
}

function quoted(title: string): string {
  return /^[A-Za-z][\w ,.-]*$/.test(title) ? title : `'${title.replaceAll("'", "''")}'`;
}
