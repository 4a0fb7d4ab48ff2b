import { stringify } from 'yaml';
import type { JsonSchema } from '../jsonSchema';
import { allowedValues, variants } from './schemaPaths';
import type { RoleDescription } from './roles';

/** Of allowed values: there are some eighty names of plan nodes. */
const MOST_SHOWN = 12;

/** A key's description, allowed values, default and example, as markdown. */
export function describeKey(root: JsonSchema, key: string, schema: JsonSchema): string {
  const all = variants(root, schema);
  const parts: string[] = [];
  const description = schema.description ?? all.find((each) => each.description !== undefined)?.description;
  if (description !== undefined) parts.push(description);
  const allowed = allowedValues(all);
  if (allowed.length > 0) {
    const shown = allowed.slice(0, MOST_SHOWN).map(({ text }) => `\`${text}\``);
    parts.push(`Allowed: ${shown.join(', ')}${allowed.length > MOST_SHOWN ? ' …' : '.'}`);
  }
  if (schema.default !== undefined && !isEmpty(schema.default))
    parts.push(`Default: \`${JSON.stringify(schema.default)}\`.`);
  const example = schema.examples?.[0] ?? all.find((each) => each.examples !== undefined)?.examples?.[0];
  if (example !== undefined) parts.push(fenced(stringify({ [key]: example }, { lineWidth: 0 }).trimEnd()));
  return parts.join('\n\n');
}

/** What kind of value a key takes, in a word or two. */
export function typeOf(root: JsonSchema, schema: JsonSchema): string {
  const words = variants(root, schema).flatMap((each) => {
    if (each.enum) return 'one of';
    if (each.const !== undefined) return JSON.stringify(each.const);
    if (each.properties ?? each.additionalProperties) return 'map';
    if (each.type === 'array') return 'list';
    if (each.type === 'integer') return 'whole number';
    return each.type === 'string' ? 'text' : (each.type ?? []);
  });
  return [...new Set(words)].filter((word) => word !== 'null').join(' or ');
}

export function describeRole({ language, role, label, description }: RoleDescription): string {
  const tail = label === undefined ? '' : ` "${label}"`;
  return `**${role}**: ${description}\n\n${fenced(`\`\`\`${language} ${role}${tail}\n…\n\`\`\``, 'markdown')}`;
}

function fenced(text: string, language = 'yaml'): string {
  return `\`\`\`\`${language}\n${text}\n\`\`\`\``;
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
