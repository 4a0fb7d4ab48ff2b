/** What a zod schema says about a place in a document, whatever it is made of: for "did you mean" and for fixes. */
import type * as z from 'zod';

/** zod's own description of a schema, as far as it is read here. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly getter?: () => z.core.$ZodType;
  readonly entries?: Readonly<Record<string, string | number>>;
}

function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def;
}

/** The schema itself, or a union's options, without what only wraps them (optional, default, transformed …). */
export function plainSchemas(schema: z.core.$ZodType, depth = 0): z.core.$ZodType[] {
  const found = definition(schema);
  // a schema that contains itself through `lazy` alone would never end
  if (depth > 20) return [];
  if (found.type === 'union') return (found.options ?? []).flatMap((option) => plainSchemas(option, depth + 1));
  const inner =
    found.innerType ??
    (found.type === 'pipe' ? found.in : undefined) ??
    (found.type === 'lazy' ? found.getter?.() : undefined);
  return inner ? plainSchemas(inner, depth + 1) : [schema];
}

/** The schemas that a path of keys and indexes leads to: several below a union. */
export function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType[] {
  let found = plainSchemas(schema);
  for (const part of path) {
    found = found.flatMap((each) => {
      const { type, shape, element, valueType } = definition(each);
      if (type === 'array' && element) return plainSchemas(element);
      if (type === 'record' && valueType) return plainSchemas(valueType);
      const inner =
        type === 'object' && typeof part === 'string' && shape && Object.hasOwn(shape, part) ? shape[part] : undefined;
      return inner ? plainSchemas(inner) : [];
    });
  }
  return found;
}

/** The keys of an object schema; none of any other. */
export function keysOf(schema: z.core.$ZodType): string[] {
  return Object.keys(definition(schema).shape ?? {});
}

/** A value to begin with: an enumeration's first, the example given in its `.meta`, 10, true, ''. */
export function placeholder(schemas: readonly z.core.$ZodType[]): string {
  const [schema] = schemas;
  if (!schema) return '';
  const { type, entries } = definition(schema);
  if (entries) return String(Object.values(entries)[0] ?? '');
  switch (type) {
    case 'number':
    case 'int':
      return '10';
    case 'boolean':
      return 'true';
    case 'array':
      return '[]';
    case 'object':
    case 'record':
      return '{}';
    default:
      return "''";
  }
}
