import createMarkdown, { type MarkdownIt, type Token } from 'markdown-it';
import type { Code, Exercise, Lesson, RunBlock, WrongAnswer } from './lesson';
import { lineRange, type Problem } from './problem';
import { exerciseSchema, frontMatterSchema, type ExerciseFile } from './schema';
import { parseYaml } from './yaml';

/** What a fenced block is for: its info string's words behind the language. */
export type Role = 'run' | 'exercise' | 'starter' | 'hint' | 'solution' | 'wrong';

export interface Fence {
  readonly role: Role;
  /** `wrong "…"`: the quoted text. */
  readonly label: string | undefined;
}

const FENCES: readonly (readonly [RegExp, Role])[] = [
  [/^sql\s+run\b/, 'run'],
  [/^yaml\s+exercise\b/, 'exercise'],
  [/^\S+\s+starter\b/, 'starter'],
  [/^(?:md|markdown)\s+hint\b/, 'hint'],
  [/^\S+\s+solution\b/, 'solution'],
  [/^\S+\s+wrong\b/, 'wrong'],
];

/** The role that an info string gives its block; `undefined` for plain code. */
export function fenceRole(info: string): Fence | undefined {
  const role = FENCES.find(([pattern]) => pattern.test(info.trim()))?.[1];
  return role && { role, label: /"([^"]*)"/.exec(info)?.[1] };
}

/** Raw HTML stays text: a lesson is untrusted input. */
export function markdown(): MarkdownIt {
  return createMarkdown({ html: false, linkify: true });
}

export interface ParsedLesson {
  /** Absent when the front matter is not usable. */
  readonly lesson: Lesson | undefined;
  readonly problems: readonly Problem[];
}

/** Reads one lesson file. Every problem of the format is reported; a usable part is still returned. */
export function parseLesson(source: string, path: string, section: string): ParsedLesson {
  const front = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(source);
  if (!front) {
    const message = 'A lesson starts with front matter between two lines of ---: id, title, kind and minutes.';
    return { lesson: undefined, problems: [{ severity: 'error', message, range: lineRange(0) }] };
  }
  const matter = parseYaml(front[1] ?? '', frontMatterSchema, 1);
  if (!matter.value) return { lesson: undefined, problems: matter.problems };

  const bodyLine = front[0].split('\n').length - 1;
  const body = parseBody(source.slice(front[0].length), bodyLine);
  const problems = [...matter.problems, ...body.problems];
  return {
    lesson: {
      ...matter.value,
      path,
      section,
      source,
      bodyLine,
      exercises: body.exercises,
      runBlocks: body.runBlocks,
      problems,
    },
    problems,
  };
}

interface Draft {
  readonly file: ExerciseFile;
  readonly title: string;
  readonly line: number;
  starter?: Code;
  solution?: Code;
  readonly hints: Code[];
  readonly wrong: WrongAnswer[];
}

function parseBody(
  body: string,
  bodyLine: number,
): { exercises: Exercise[]; runBlocks: RunBlock[]; problems: Problem[] } {
  const exercises: Exercise[] = [];
  const runBlocks: RunBlock[] = [];
  const problems: Problem[] = [];
  let heading = '';
  let draft: Draft | undefined;
  /** The exercise block above was not usable: its blocks are no strays. */
  let broken = false;

  const finish = (): void => {
    broken = false;
    if (!draft) return;
    const { starter, solution, line, file } = draft;
    for (const [role, present] of [
      ['starter', starter],
      ['solution', solution],
    ] as const) {
      if (!present)
        problems.push({
          severity: 'error',
          message: `The exercise “${file.id}” has no ${role}: add a block \`\`\`sql ${role} below it.`,
          range: lineRange(line),
        });
    }
    if (exercises.some((other) => other.id === file.id)) {
      problems.push({
        severity: 'error',
        message: `The exercise id “${file.id}” is used twice in this lesson. Ids must differ, for progress is kept under them.`,
        range: lineRange(line),
      });
    } else if (starter && solution) {
      exercises.push({ ...file, title: draft.title, line, starter, solution, hints: draft.hints, wrong: draft.wrong });
    }
    draft = undefined;
  };

  const tokens = markdown().parse(body, {});
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      finish();
      heading = plainText(tokens[index + 1]);
    }
    if (token.type !== 'fence' || !token.map) continue;
    const fence = fenceRole(token.info);
    if (!fence) continue;
    const line = bodyLine + token.map[0];
    const code: Code = { text: token.content, line: line + 1 };
    if (token.level > 0) {
      problems.push({
        severity: 'error',
        message: 'A block with a role must stand at the left margin, not inside a list or quote.',
        range: lineRange(line),
      });
    } else if (fence.role === 'run') {
      runBlocks.push({ ...code, id: `run-${runBlocks.length + 1}` });
    } else if (fence.role === 'exercise') {
      finish();
      const parsed = parseYaml(token.content, exerciseSchema, line + 1);
      problems.push(...parsed.problems);
      broken = !parsed.value;
      if (parsed.value) draft = { file: parsed.value, title: heading, line, hints: [], wrong: [] };
    } else if (!draft && broken) {
      continue;
    } else if (!draft) {
      problems.push({
        severity: 'error',
        message: `This ${fence.role} belongs to no exercise: put it below a \`\`\`yaml exercise block.`,
        range: lineRange(line),
      });
    } else if (fence.role === 'hint') {
      draft.hints.push(code);
    } else if (fence.role === 'wrong') {
      if (fence.label === undefined)
        problems.push({
          severity: 'error',
          message: 'A wrong answer needs its message in quotes: ```sql wrong "What is wrong with it."',
          range: lineRange(line),
        });
      else draft.wrong.push({ ...code, message: fence.label });
    } else {
      draft[fence.role] = code;
    }
  }
  finish();
  return { exercises, runBlocks, problems };
}

/** A heading's text without its markup. */
export function plainText(inline: Token | undefined): string {
  return (inline?.children ?? [])
    .map((child) =>
      child.type === 'text' || child.type === 'code_inline' ? child.content : child.type === 'softbreak' ? ' ' : '',
    )
    .join('');
}
