import { lessonBlocks, within, yamlAt } from './blocks';
import type { Schemas } from './complete';
import { describeKey, describeRole } from './describe';
import { isRelationName, NEEDS, type CourseNames } from './names';
import type { JsonSchema } from '../jsonSchema';
import { allowedValues, keySchema, schemasAt } from './schemaPaths';
import { yamlToken } from './yamlPlace';

export interface Hover {
  /** Markdown. */
  readonly text: string;
  /** UTF-16 offsets of what it is about. */
  readonly start: number;
  readonly end: number;
}

/** In a lesson file: a role's meaning, a key's description, a data set's table. */
export function hoverLesson(source: string, offset: number, schemas: Schemas, names: CourseNames): Hover | undefined {
  const blocks = lessonBlocks(source);
  const fence = blocks.blocks.find(({ info }) => within(info, offset));
  if (fence) return fence.role && { text: describeRole(fence.role), ...fence.info };
  const yaml = yamlAt(blocks, offset);
  if (!yaml) return undefined;
  const root = yaml.kind === 'front' ? schemas.lesson : schemas.exercise;
  return hoverYaml(
    source.slice(yaml.span.start, yaml.span.end),
    offset - yaml.span.start,
    root,
    names,
    yaml.span.start,
  );
}

export function hoverCourse(source: string, offset: number, schemas: Schemas, names: CourseNames): Hover | undefined {
  return hoverYaml(source, offset, schemas.course, names, 0);
}

function hoverYaml(
  text: string,
  offset: number,
  root: JsonSchema,
  names: CourseNames,
  base: number,
): Hover | undefined {
  const token = yamlToken(text, offset);
  if (!token) return undefined;
  const range = { start: base + token.start, end: base + token.end };
  const found = (markdown: string): Hover | undefined => (markdown === '' ? undefined : { text: markdown, ...range });
  if (isRelationName(token.path, token.kind)) {
    const relation = names.relations.find(({ name }) => name === token.text);
    if (relation) {
      const columns = relation.columns.map(({ name, type }) => `  ${name} ${type}`.trimEnd()).join('\n');
      return found(`\`\`\`sql\n${relation.kind} ${relation.name} (\n${columns}\n)\n\`\`\``);
    }
  }
  if (token.kind === 'key') {
    const key = token.path.at(-1);
    const schema = keySchema(schemasAt(root, token.path.slice(0, -1)), String(key));
    return schema && found(describeKey(root, String(key), schema));
  }
  const need = token.path.includes('needs') ? NEEDS.find(({ name }) => name === token.text) : undefined;
  if (need) return found(need.detail);
  const value = allowedValues(schemasAt(root, token.path)).find(({ text: each }) => each === token.text);
  return value && found(value.schema.description ?? '');
}
