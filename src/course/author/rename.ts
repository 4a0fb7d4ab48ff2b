import { Slugs } from '../slugs';
import { plainHeading } from '../markdown';
import { exercisesOf, idIn, lessonBlocks, within, type LessonBlocks, type Span } from './blocks';
import { fragmentLinks, linkedFile } from './links';

/** An id under the cursor: where it is declared. */
export interface IdTarget {
  readonly what: 'exercise' | 'lesson' | 'course';
  readonly id: string;
  readonly span: Span;
}

export interface CourseText {
  /** Below the course's folder. */
  readonly path: string;
  readonly source: string;
}

export interface FileEdit extends Span {
  readonly path: string;
  readonly text: string;
}

/** The id that may be renamed at an offset: its declaration, or a link's `#id` to an exercise of the same file. */
export function idAt(path: string, source: string, offset: number): IdTarget | undefined {
  if (path === 'course.yaml') {
    const span = idIn(source, { start: 0, end: source.length });
    return span && within(span, offset) ? { what: 'course', id: source.slice(span.start, span.end), span } : undefined;
  }
  const blocks = lessonBlocks(source);
  const front = blocks.front && idIn(source, blocks.front);
  if (front && within(front, offset)) return { what: 'lesson', id: source.slice(front.start, front.end), span: front };
  const exercises = exercisesOf(source, blocks);
  for (const { id, idSpan } of exercises)
    if (id !== undefined && idSpan && within(idSpan, offset)) return { what: 'exercise', id, span: idSpan };
  const link = fragmentLinks(source, blocks.blocks).find(({ fragmentSpan }) => within(fragmentSpan, offset));
  if (link?.path !== '' || isHeading(source, blocks, link.fragment)) return undefined;
  return exercises.some(({ id }) => id === link.fragment)
    ? { what: 'exercise', id: link.fragment, span: link.fragmentSpan }
    : undefined;
}

/** The id's declaration and the links to it in all of the course's lessons, changed; `files` holds `path` too. */
export function renameId(path: string, target: IdTarget, to: string, files: readonly CourseText[]): FileEdit[] {
  if (target.what !== 'exercise') return [{ path, ...target.span, text: to }];
  const edits: FileEdit[] = [];
  const own = files.find((file) => file.path === path);
  if (!own) return edits;
  const ownBlocks = lessonBlocks(own.source);
  for (const { id, idSpan } of exercisesOf(own.source, ownBlocks))
    if (id === target.id && idSpan) edits.push({ path, ...idSpan, text: to });
  // a heading of the same name is what the links mean
  if (isHeading(own.source, ownBlocks, target.id)) return edits;
  for (const file of files) {
    const blocks = file.path === path ? ownBlocks : lessonBlocks(file.source);
    for (const link of fragmentLinks(file.source, blocks.blocks))
      if (link.fragment === target.id && linkedFile(file.path, link.path) === path)
        edits.push({ path: file.path, ...link.fragmentSpan, text: to });
  }
  return edits;
}

/** Why an id cannot be taken; `undefined` when it can. One sentence. */
export function refusal(target: IdTarget, to: string, taken: readonly string[]): string | undefined {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(to))
    return 'An id is lower-case words joined by hyphens, such as missing-index.';
  if (to !== target.id && taken.includes(to)) return `The id “${to}” is taken.`;
  return undefined;
}

/** Ids of the exercises of a lesson. */
export function exerciseIds(source: string): string[] {
  return exercisesOf(source, lessonBlocks(source)).flatMap(({ id }) => (id === undefined ? [] : [id]));
}

/** The id in a lesson's front matter. */
export function lessonId(source: string): string | undefined {
  const { front } = lessonBlocks(source);
  const span = front && idIn(source, front);
  return span && source.slice(span.start, span.end);
}

function isHeading(source: string, { headings }: LessonBlocks, slug: string): boolean {
  const slugs = new Slugs();
  return headings.some(({ start, end }) => {
    const text = source.slice(start, end).replace(/^ {0,3}#{1,6}[ \t]*|[ \t]+#*[ \t]*$/g, '');
    return slugs.next(plainHeading(text)) === slug;
  });
}
