import * as z from 'zod';
import { courseSchema, exerciseSchema, frontMatterSchema } from './schema';

/** The part of JSON schema (draft 2020-12) that the format's schemas use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: boolean | JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

const SCHEMAS = {
  course: { schema: courseSchema, title: 'A course: course.yaml' },
  lesson: { schema: frontMatterSchema, title: 'A lesson: its front matter' },
  exercise: { schema: exerciseSchema, title: 'An exercise: a yaml exercise block' },
} as const;

export type SchemaName = keyof typeof SCHEMAS;

export const SCHEMA_NAMES = Object.keys(SCHEMAS) as readonly SchemaName[];

/**
 * The format as JSON schema, of what authors write: defaults are optional, what is read out of a text is that text.
 * Rules that need more than one key (zod's refinements) are not in it: the lint has them.
 */
export function jsonSchema(name: SchemaName): JsonSchema {
  const { schema, title } = SCHEMAS[name];
  const made = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // of what is transformed zod keeps no examples: it takes them for examples of the outcome. Ours are what one writes
    override: ({ zodSchema, jsonSchema: json }) => {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) json.examples = examples;
    },
  });
  const { $schema, ...rest } = made as JsonSchema & { readonly $schema?: string };
  return { ...($schema === undefined ? {} : { $schema }), title, ...rest };
}

/** As a file: those that other editors use are kept in schemas/. */
export function schemaText(name: SchemaName): string {
  return `${JSON.stringify(jsonSchema(name), null, 2)}\n`;
}
