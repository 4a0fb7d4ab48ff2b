import * as z from 'zod';

/**
 * A key of the format with what authors read about it: completion, hover, the JSON schema and the reference are made
 * of these words. Applied last, so that the words are found on the schema that stands in the shape.
 * @param description one sentence
 * @param examples values as an author writes them
 */
export function key<T extends z.ZodType>(schema: T, description: string, ...examples: readonly unknown[]): T {
  return schema.meta({ description, examples: [...examples] });
}

/** `orders`, or `sales.orders`. */
export const relationName = z.string().min(1);

/** Values for $1, $2 …; PostgreSQL takes them as text. */
export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'must be a text, a number, true, false or null',
});

/** One, or a list of them: always a list when it is read. */
export function oneOrMore<T extends z.ZodType>(
  item: T,
  error: string,
): z.ZodType<z.output<T>[], z.input<T> | z.input<T>[]> {
  return z
    .union([item, z.array(item).min(1)], { error })
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);
}
