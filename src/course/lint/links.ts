import { closest } from '../closest';
import type { LessonFile } from '../lessonFile';
import { markdown } from '../markdown';
import type { Problem } from '../problem';
import type { LintContext } from './context';
import { change, problem } from './rules';

/** A link or image that leads to a file, a heading or an exercise of the course. */
export interface Link {
  readonly isImage: boolean;
  readonly target: string;
  /** UTF-16 offsets of the target in the file. */
  readonly start: number;
  readonly end: number;
}

const INLINE = /\]\(\s*(?:<([^<>\n]*)>|([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))/g;
const DEFINITION = /^ {0,3}\[[^\]\n]{1,999}\]:[ \t]*(?:<([^<>\n]*)>|(\S+))/gm;

/** By file object, which is another one as soon as its text is another. */
const kept = new WeakMap<LessonFile, readonly Link[]>();

/** What looks like a link in the text between the fences, but those that lead out into the world. */
export function linksOf(file: LessonFile): readonly Link[] {
  const known = kept.get(file) ?? readLinks(file);
  kept.set(file, known);
  return known;
}

function readLinks(file: LessonFile): Link[] {
  const links: Link[] = [];
  const { text, lines } = file;
  const prose = (from: number, to: number): void => {
    const part = text.slice(from, to);
    if (!part.includes('](') && !part.includes(']:')) return;
    for (const pattern of [INLINE, DEFINITION]) {
      for (const match of part.matchAll(pattern)) {
        const target = match[1] ?? match[2] ?? '';
        if (target === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) continue;
        const end = from + match.index + match[0].length - (match[1] === undefined ? 0 : 1);
        const isImage = pattern === INLINE && isImageAt(part, match.index);
        links.push({ isImage, target, start: end - target.length, end });
      }
    }
  };
  let from = lines.offset(file.front.bodyLine);
  for (const block of file.blocks) {
    if (block.type !== 'fence') continue;
    prose(from, lines.offset(block.line));
    from = lines.offset(block.endLine + 1);
  }
  prose(from, text.length);
  return links;
}

/** Whether the bracket that closes at an offset was opened by `![`. */
function isImageAt(text: string, close: number): boolean {
  let depth = 0;
  for (let at = close; at >= 0 && at > close - 1000; at--) {
    const character = text.charAt(at);
    if (character === ']') depth++;
    else if (character === '[' && --depth === 0) return text.charAt(at - 1) === '!';
  }
  return false;
}

/** Folders of the course that links lead into: they have to be listed before `lintLinks`. */
export function linkedFolders(file: LessonFile): Set<string> {
  const folders = new Set<string>();
  for (const { target } of linksOf(file)) {
    const path = resolve(file.path, pathOf(target));
    if (path !== undefined && path !== file.path) folders.add(folderOf(path));
  }
  return folders;
}

export function lintLinks(file: LessonFile, context: LintContext): Problem[] {
  const problems: Problem[] = [];
  let real: Set<string> | undefined;
  for (const link of linksOf(file)) {
    const found = lintLink(link, file, context);
    if (!found) continue;
    // inside inline or indented code it is no link: only a markdown parser knows
    real ??= targetsOf(file);
    if (real.has(decoded(link.target))) problems.push(found);
  }
  return problems;
}

function lintLink(link: Link, file: LessonFile, context: LintContext): Problem | undefined {
  const { target, start, end, isImage } = link;
  const code = isImage ? 'broken-image' : 'broken-link';
  const hash = target.indexOf('#');
  const range = file.lines.range(start, hash === -1 ? end : start + hash);
  const path = resolve(file.path, pathOf(target));
  if (path === undefined)
    return problem(code, 'This leads out of the course’s folder, which is all that students have.', range);
  if (path !== file.path) {
    const names = context.list(folderOf(path));
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (names === undefined) return undefined;
    if (name !== '' && !names.includes(name)) {
      const near = closest(name, names);
      const advice = near === undefined ? '' : ` Did you mean “${near}”?`;
      const shown = pathOf(target);
      const to = near === undefined ? undefined : shown.slice(0, shown.lastIndexOf('/') + 1) + near;
      return problem(code, `There is no file ${path}.${advice}`, range, change(range, to));
    }
  }
  if (hash === -1 || hash === target.length - 1) return undefined;
  const other = path === file.path ? file : context.lessons.get(path);
  if (!other) return undefined;
  const anchor = decoded(target.slice(hash + 1));
  if (other.headings.some(({ slug }) => slug === anchor) || other.outline.some(({ id }) => id === anchor))
    return undefined;
  const names = [...other.headings.map(({ slug }) => slug), ...other.outline.map(({ id }) => id)];
  const near = closest(anchor, names);
  const place = file.lines.range(start + hash + 1, end);
  const advice = near === undefined ? '' : ` Did you mean #${near}?`;
  const where = other === file ? 'this lesson' : path;
  return problem(
    'broken-anchor',
    `There is no heading or exercise #${anchor} in ${where}.${advice}`,
    place,
    change(place, near),
  );
}

/** The part before `?` and `#`. */
function pathOf(target: string): string {
  return decoded(/^[^?#]*/.exec(target)?.[0] ?? '');
}

/** A path below the course's folder; `undefined` where it leads out of it. */
function resolve(from: string, to: string): string | undefined {
  if (to === '') return from;
  const parts = to.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of to.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** Every link's and image's target, as markdown-it reads the file. */
function targetsOf(file: LessonFile): Set<string> {
  const found = new Set<string>();
  const body = file.text.slice(file.lines.offset(file.front.bodyLine));
  for (const token of markdown().parse(body, {})) {
    for (const child of token.children ?? []) {
      const target = child.attrGet(child.type === 'image' ? 'src' : 'href');
      if (typeof target === 'string') found.add(decoded(target));
    }
  }
  return found;
}
