import { blocksOf } from '../../course/blocks';
import type { Lesson } from '../../course/lesson';
import { plainHeading } from '../../course/markdown';

/** What an example is told from others by; pure. */
export interface ExampleTitle {
  /** The nearest above it; absent where there is none. */
  readonly heading: string | undefined;
  /** From 1, among the examples with an output below headings of this name; absent where it is the only one. */
  readonly number?: number;
}

/** Of the examples whose output is verified, by their ids. */
export function exampleTitles({ source, bodyLine, runBlocks }: Lesson): Map<string, ExampleTitle> {
  const body = source.split('\n').slice(bodyLine).join('\n');
  const headings = blocksOf(body, bodyLine).flatMap((block) => (block.type === 'heading' ? [block] : []));
  const found = runBlocks
    .filter(({ output }) => output !== undefined)
    .map(({ id, line }) => {
      const above = headings.findLast((heading) => heading.line < line);
      return { id, heading: above && plainHeading(above.source) };
    });
  const alike = new Map<string | undefined, string[]>();
  for (const { id, heading } of found) {
    const ids = alike.get(heading);
    if (ids) ids.push(id);
    else alike.set(heading, [id]);
  }
  return new Map(
    found.map(({ id, heading }): [string, ExampleTitle] => {
      const ids = alike.get(heading) ?? [];
      return [id, { heading, ...(ids.length > 1 && { number: ids.indexOf(id) + 1 }) }];
    }),
  );
}
