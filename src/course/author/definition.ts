import { exercisesOf, lessonBlocks, within, yamlAt, type Span } from './blocks';
import { fragmentLinks, linkedFile } from './links';
import { isRelationName } from './names';
import type { Relation } from './relations';
import { yamlToken } from './yamlPlace';

/** What a word means: a data set's file, a relation in it, or an exercise of a lesson. */
export type Meaning =
  | { readonly what: 'dataset'; readonly name: string; readonly span: Span }
  | { readonly what: 'relation'; readonly name: string; readonly span: Span }
  | { readonly what: 'exercise'; readonly path: string; readonly id: string; readonly span: Span };

/** @param path of the lesson, below the course's folder */
export function meaningAt(path: string, source: string, offset: number): Meaning | undefined {
  const blocks = lessonBlocks(source);
  const yaml = yamlAt(blocks, offset);
  if (yaml) {
    const { start } = yaml.span;
    const token = yamlToken(source.slice(start, yaml.span.end), offset - start);
    if (!token) return wordAt(source, offset);
    const span = { start: start + token.start, end: start + token.end };
    if (yaml.kind === 'front')
      return token.kind === 'value' && token.path[0] === 'dataset'
        ? { what: 'dataset', name: token.text, span }
        : undefined;
    if (isRelationName(token.path, token.kind)) return { what: 'relation', name: token.text, span };
    // `orders (customer_id)`, a query: the word
    return token.kind === 'value' ? wordAt(source, offset) : undefined;
  }
  const block = blocks.blocks.find(({ content }) => within(content, offset));
  if (block && block.role?.role !== 'hint') return block.role ? wordAt(source, offset) : undefined;
  const link = fragmentLinks(source, blocks.blocks).find(({ fragmentSpan }) => within(fragmentSpan, offset));
  const target = link && linkedFile(path, link.path);
  return link && target !== undefined
    ? { what: 'exercise', path: target, id: link.fragment, span: link.fragmentSpan }
    : undefined;
}

/** The relation that a name means, by the last part of `schema.table`; unquoted names are folded. */
export function relationNamed(name: string, relations: readonly Relation[]): Relation | undefined {
  const last = name.split('.').at(-1) ?? name;
  return (
    relations.find((relation) => relation.name === last) ??
    relations.find((relation) => relation.name === last.toLowerCase())
  );
}

/** Where an exercise of a lesson begins. */
export function exerciseSpan(source: string, id: string): Span | undefined {
  return exercisesOf(source, lessonBlocks(source)).find((exercise) => exercise.id === id)?.span;
}

function wordAt(source: string, offset: number): Meaning | undefined {
  const before = /[\w$\u0080-\uffff]*$/.exec(source.slice(Math.max(0, offset - 100), offset))?.[0] ?? '';
  const after = /^[\w$\u0080-\uffff]*/.exec(source.slice(offset, offset + 100))?.[0] ?? '';
  const name = before + after;
  if (name === '') return undefined;
  return { what: 'relation', name, span: { start: offset - before.length, end: offset + after.length } };
}
