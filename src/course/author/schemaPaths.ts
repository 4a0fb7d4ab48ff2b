import type { JsonSchema } from '../jsonSchema';
import type { YamlPath } from './yamlPlace';

/**
 * The schemas that a value at a path may have: references followed, unions taken apart. A part of a union has the
 * union's description where it has none of its own.
 */
export function schemasAt(root: JsonSchema, path: YamlPath): JsonSchema[] {
  let schemas = variants(root, root);
  for (const step of path) {
    schemas = schemas.flatMap((schema) => {
      const next = child(schema, step);
      return next ? variants(root, next) : [];
    });
  }
  return schemas;
}

/** Schemas of maps, of which those that have all the keys that are there already. */
export function mapsWith(schemas: readonly JsonSchema[], present: readonly string[]): JsonSchema[] {
  const maps = schemas.filter((schema) => schema.properties !== undefined || isSchema(schema.additionalProperties));
  const fitting = maps.filter((schema) =>
    present.every((key) => own(schema.properties, key) !== undefined || isSchema(schema.additionalProperties)),
  );
  return fitting.length > 0 ? fitting : maps;
}

/** The schema of a key: without taking unions apart, so that the key's own words come first. */
export function keySchema(schemas: readonly JsonSchema[], key: string): JsonSchema | undefined {
  for (const schema of schemas) {
    const found = own(schema.properties, key);
    if (found) return found;
  }
  return undefined;
}

/** What a value may be: enums, constants and booleans of all variants, as they are written in YAML. */
export function allowedValues(schemas: readonly JsonSchema[]): { text: string; schema: JsonSchema }[] {
  const found = new Map<string, JsonSchema>();
  for (const schema of schemas) {
    const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
    for (const value of values) found.set(String(value), schema);
    if (schema.type === 'boolean') for (const value of ['true', 'false']) found.set(value, schema);
  }
  return [...found].map(([text, schema]) => ({ text, schema }));
}

function child(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') {
    const at = schema.prefixItems?.[step];
    return at ?? (isSchema(schema.items) ? schema.items : undefined);
  }
  return (
    own(schema.properties, step) ?? (isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined)
  );
}

/** How deep a union may refer to itself. */
const MOST_DEPTH = 20;

export function variants(root: JsonSchema, schema: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > MOST_DEPTH) return [];
  const target = schema.$ref === undefined ? undefined : resolve(root, schema.$ref);
  const parts = target ? [target] : (schema.anyOf ?? schema.oneOf ?? schema.allOf);
  if (!parts) return [schema];
  const { description, examples } = schema;
  return parts
    .flatMap((part) => variants(root, part, depth + 1))
    .map((part) => ({
      ...part,
      ...(part.description === undefined && description !== undefined ? { description } : {}),
      ...(part.examples === undefined && examples !== undefined && parts.length === 1 ? { examples } : {}),
    }));
}

function resolve(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (reference === '#') return root;
  return own(root.$defs, reference.replace(/^#\/\$defs\//, ''));
}

/** `__proto__` is a key like any other. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

function isSchema(schema: boolean | JsonSchema | undefined): schema is JsonSchema {
  return typeof schema === 'object' && Object.keys(schema).length > 0;
}
