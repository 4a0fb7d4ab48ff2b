import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { jsonSchema, SCHEMA_NAMES, schemaText, type JsonSchema } from '../../../src/course/jsonSchema';

const root = path.join(__dirname, '../../..');

/** Every key of a schema with its own schema, at any depth. */
function* keys(schema: JsonSchema, at = ''): Generator<[string, JsonSchema]> {
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    yield [`${at}${key}`, value];
    yield* keys(value, `${at}${key}.`);
  }
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) yield* keys(part, at);
  for (const part of [schema.items, schema.additionalProperties]) if (typeof part === 'object') yield* keys(part, at);
}

describe('JSON schema', () => {
  for (const name of ['course', 'lesson'] as const)
    it(`schemas/${name}.schema.json is what the format says`, () => {
      const file = path.join(root, `schemas/${name}.schema.json`);
      if (process.env['BLESS'] === '1') writeFileSync(file, schemaText(name));
      assert.equal(
        readFileSync(file, 'utf8'),
        schemaText(name),
        'BLESS=1 node --import tsx node_modules/mocha/bin/mocha.js test/unit/author/jsonSchema.test.ts writes it anew',
      );
    });

  for (const name of SCHEMA_NAMES)
    it(`every key of ${name} has a description and an example`, () => {
      const all = [...keys(jsonSchema(name))];
      assert.ok(all.length >= 4);
      for (const [key, { description, examples }] of all) {
        assert.ok(
          description !== undefined && /[.…)]$/.test(description),
          `${key} has no description that is a sentence`,
        );
        assert.ok(examples && examples.length > 0, `${key} has no example`);
      }
    });

  it('is shipped, and named for course.yaml', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { yamlValidation: { fileMatch: string; url: string }[]; grammars: { path: string }[] };
    };
    assert.deepEqual(manifest.contributes.yamlValidation, [
      { fileMatch: 'course.yaml', url: './schemas/course.schema.json' },
    ]);
    const shipped = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
    for (const folder of ['!schemas/**', '!syntaxes/**']) assert.ok(shipped.includes(folder), folder);
    for (const { path: file } of manifest.contributes.grammars) readFileSync(path.join(root, file));
  });
});
