import type { JsonSchema } from '../jsonSchema';
import { exercisesOf, lessonBlocks, within, yamlAt, type Block, type LessonBlocks } from './blocks';
import { describeKey, describeRole, typeOf } from './describe';
import { keyNamesAt, namesAt, type CourseNames } from './names';
import { MASKS } from '../output';
import { ROLES, type RoleDescription } from './roles';
import { allowedValues, keySchema, mapsWith, schemasAt } from './schemaPaths';
import { escape, inlineSnippet, valueSnippet } from './snippet';
import { yamlPlace, type YamlPlace } from './yamlPlace';

/** The schemas of the three YAML documents that an author writes. */
export interface Schemas {
  readonly course: JsonSchema;
  readonly lesson: JsonSchema;
  readonly exercise: JsonSchema;
}

export interface Completion {
  readonly kind: 'key' | 'value' | 'relation' | 'column' | 'name' | 'role';
  readonly label: string;
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** A VS Code snippet; its lines are indented already. */
  readonly snippet: string;
  /** What it replaces: UTF-16 offsets of the file. */
  readonly start: number;
  readonly end: number;
  /** Required keys and the block that comes next stand first. */
  readonly first: boolean;
}

/** Completions in a lesson file: front matter, exercise blocks, info strings. */
export function completeLesson(source: string, offset: number, schemas: Schemas, names: CourseNames): Completion[] {
  const blocks = lessonBlocks(source);
  const fence = blocks.blocks.find((block) => within(block.info, offset));
  if (fence) return roles(source, offset, blocks, fence);
  const yaml = yamlAt(blocks, offset);
  if (!yaml) return [];
  const schema = yaml.kind === 'front' ? schemas.lesson : schemas.exercise;
  const text = source.slice(yaml.span.start, yaml.span.end);
  return completeYaml(text, offset - yaml.span.start, yaml.kind, schema, names, yaml.span.start);
}

/** Completions in course.yaml. */
export function completeCourse(source: string, offset: number, schemas: Schemas, names: CourseNames): Completion[] {
  return completeYaml(source, offset, 'course', schemas.course, names, 0);
}

function completeYaml(
  text: string,
  offset: number,
  kind: 'front' | 'exercise' | 'course',
  root: JsonSchema,
  names: CourseNames,
  base: number,
): Completion[] {
  const place = yamlPlace(text, offset);
  if (!place) return [];
  const schemas = schemasAt(root, place.path);
  const range = { start: base + place.start, end: base + place.end };
  const keys = keyCompletions(root, schemas, place, names, range);
  if (place.kind === 'key') return keys;
  const glue = place.glued ? ' ' : '';
  const values = allowedValues(schemas).map(({ text: value, schema }): Completion => ({
    kind: 'value',
    label: value,
    detail: '',
    documentation: schema.description ?? '',
    snippet: glue + escape(value),
    ...range,
    first: false,
  }));
  const around = text.slice(Math.max(0, offset - 2000), offset + 2000);
  const named = namesAt(kind, place.path, names, around).filter(({ name }) => !place.siblings.includes(name));
  return [
    ...keys,
    ...values,
    ...named.map(({ name, detail }): Completion => ({
      kind: 'name',
      label: name,
      detail,
      documentation: '',
      snippet: glue + escape(quotedName(name)),
      ...range,
      first: true,
    })),
  ];
}

function keyCompletions(
  root: JsonSchema,
  schemas: readonly JsonSchema[],
  place: YamlPlace,
  names: CourseNames,
  range: { readonly start: number; readonly end: number },
): Completion[] {
  const present = place.kind === 'key' ? place.present : [];
  const maps = mapsWith(schemas, present);
  const required = new Set(maps.flatMap((schema) => schema.required ?? []));
  // those that every kind may have come after the kinds
  const keys = new Set(maps.flatMap((schema) => Object.keys(schema.properties ?? {})));
  // a map's first key behind `plan:` goes to a line of its own
  const below = place.kind === 'value' && place.inline && !place.flow;
  const column = below ? place.indent + 2 : place.indent;
  const before = below ? `\n${' '.repeat(column)}` : '';
  const after = (schema: JsonSchema | undefined): string => {
    if (place.colon || !schema) return '';
    return `:${place.flow ? inlineSnippet(root, schema) : valueSnippet(root, schema, column)}`;
  };
  const found = [...keys]
    .filter((key) => !present.includes(key))
    .map((key): Completion => {
      const schema = keySchema(maps, key);
      return {
        kind: 'key',
        label: key,
        detail: schema ? typeOf(root, schema) : '',
        documentation: schema ? describeKey(root, key, schema) : '',
        snippet: before + escape(key) + after(schema),
        ...range,
        first: required.has(key),
      };
    });
  const record = maps.find((schema) => typeof schema.additionalProperties === 'object');
  const value = typeof record?.additionalProperties === 'object' ? record.additionalProperties : undefined;
  const relations = value ? keyNamesAt(place.path, names).filter(({ name }) => !present.includes(name)) : [];
  return [
    ...found,
    ...relations.map(({ name, detail }): Completion => ({
      kind: 'relation',
      label: name,
      detail,
      documentation: '',
      snippet: before + escape(quotedName(name)) + after(value),
      ...range,
      first: true,
    })),
  ];
}

/** Words behind the backticks: what the place asks for first. */
function roles(source: string, offset: number, blocks: LessonBlocks, fence: Block): Completion[] {
  const typed = source.slice(fence.info.start, offset);
  const masking = /^\s*text\s+output\s+(?:on\s+[\d+-]+\s+)?(?:masking\s+(?:\w+\s*,\s*)*)?(\w*)$/.exec(typed);
  if (masking) return masks(typed, masking[1] ?? '', offset);
  if (!/^[ \t]*[\w-]*(?:[ \t]+\w*)?$/.test(typed)) return [];
  const wanted = wantedRoles(source, blocks, fence);
  const closing = isClosed(source, fence) ? '' : '\n$0\n```';
  return ROLES.map((role): Completion => {
    const label = role.label === undefined ? '' : ` "\${1:${role.label}}"`;
    const rest = source.slice(offset, fence.info.end).trim() === '' && closing === '' ? '' : closing;
    return {
      kind: 'role',
      label: `${role.language} ${role.role}`,
      detail: '',
      documentation: describeRole(role),
      snippet: `${role.language} ${role.role}${label}${rest}`,
      start: fence.info.start,
      end: fence.info.end,
      first: wanted.has(role.role),
    };
  });
}

/** `on` and `masking`, then what is masked. */
function masks(typed: string, word: string, offset: number): Completion[] {
  const range = { start: offset - word.length, end: offset };
  if (!typed.includes('masking') || word === 'masking') {
    const words = [
      { label: 'masking', documentation: 'What varies from run to run.', snippet: 'masking $0' },
      {
        label: 'on',
        documentation: 'The versions that print it: `on 18`, `on 16-18`, `on 17+`. Elsewhere it is not verified.',
        snippet: 'on ${1:18}$0',
      },
    ];
    return words
      .filter(({ label }) => label !== 'on' || !/\boutput\s+on\s+\S+\s/.test(typed))
      .map((each): Completion => ({ kind: 'role', detail: '', ...each, ...range, first: true }));
  }
  return Object.entries(MASKS)
    .filter(([name]) => !new RegExp(`\\b${name}\\b\\s*,`).test(typed))
    .map(([name, { covers }]): Completion => ({
      kind: 'value',
      label: name,
      detail: covers,
      documentation: '',
      snippet: name,
      ...range,
      first: false,
    }));
}

/** In an exercise the parts that it lacks, or more of those that may be several; elsewhere examples and exercises. */
function wantedRoles(source: string, blocks: LessonBlocks, fence: Block): Set<RoleDescription['role']> {
  const others: LessonBlocks = { ...blocks, blocks: blocks.blocks.filter((block) => block !== fence) };
  const above = exercisesOf(source, others).findLast(({ head }) => head.span.start < fence.span.start);
  const heading = blocks.headings.findLast(({ start }) => start < fence.span.start);
  if (above && (heading?.start ?? 0) < above.head.span.start) {
    const has = new Set(above.parts.map((part) => part.role?.role));
    const missing = ROLES.filter((role) => role.part && !has.has(role.role) && role.role !== 'alternative');
    return new Set(missing.length > 0 ? missing.map(({ role }) => role) : ['wrong', 'alternative', 'hint']);
  }
  const last = others.blocks.findLast((block) => block.span.start < fence.span.start);
  const between = last ? source.slice(last.span.end, fence.span.start) : '-';
  return new Set(last?.role?.role === 'run' && between.trim() === '' ? ['output', 'run'] : ['run', 'exercise']);
}

/** Whether it has an end of its own: what it holds up to there begins no other block. */
function isClosed(source: string, { content, span }: Block): boolean {
  const text = source.slice(content.start, content.end);
  return span.end > content.end && !/^ {0,3}(?:`{3,}|~{3,})\S/m.test(text);
}

/** A name that YAML would read as something else is quoted. */
function quotedName(name: string): string {
  return /^[A-Za-z_][\w -]*(?::[A-Za-z_]\w*)?$/.test(name) && !/^(?:true|false|null|yes|no|on|off)$/i.test(name)
    ? name
    : JSON.stringify(name);
}
