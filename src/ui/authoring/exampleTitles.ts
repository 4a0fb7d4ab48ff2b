import type { Lesson } from '../../course/lesson';

/** What an example is told from others by; pure. */
export interface ExampleTitle {
  /** The nearest above it; absent where there is none. */
  readonly heading: string | undefined;
  /** From 1, among the examples with an output below headings of this name; absent where it is the only one. */
  readonly number?: number;
}

/** Of the examples whose output is verified, by their ids. */
export function exampleTitles({ runBlocks }: Lesson): Map<string, ExampleTitle> {
  const examples = runBlocks.filter(({ output }) => output !== undefined);
  return new Map(
    examples.map(({ id, title }): [string, ExampleTitle] => {
      const alike = examples.filter((other) => other.title === title);
      const number = alike.findIndex((other) => other.id === id) + 1;
      return [id, { heading: title || undefined, ...(alike.length > 1 && { number }) }];
    }),
  );
}
