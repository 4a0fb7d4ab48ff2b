import { jsonSchema, SCHEMA_NAMES } from '../../course/jsonSchema';
import { oneOf, UsageError, type Command } from '../command';

const usage = `Usage: pg-lessons schema [course|lesson|exercise]

Prints the format as JSON schema: course.yaml, a lesson's front matter, an exercise block.
Without a name, an object of all three. The rules that need more than one key are not in
it: lint has them.

Exit code: 0 fine, 2 the command line is wrong.`;

export const command: Command = {
  usage,
  async run(args, io) {
    const names = args.filter((arg) => arg !== '--');
    if (names.length > 1) throw new UsageError('One schema at a time.');
    const [name] = names;
    const schema =
      name === undefined
        ? Object.fromEntries(SCHEMA_NAMES.map((each) => [each, jsonSchema(each)]))
        : jsonSchema(oneOf(SCHEMA_NAMES, name, 'schema'));
    await io.print(`${JSON.stringify(schema, null, 2)}\n`);
    return 0;
  },
};
