import { swallowedLine, type FenceBlock } from './blocks';
import { idOf, insertLines } from './edits';
import type { Alternative, Code, Exercise, OutputBlock, RunBlock, WrongAnswer } from './lesson';
import { change, fix, insertion, problem } from './lint/rules';
import { closest } from './closest';
import { MASK_NAMES, readOutputInfo, type InfoWord } from './output';
import type { Fix, Problem, TextRange } from './problem';
import { fenceLanguage, fenceRole, type Role } from './roles';
import { exerciseSchema, quizAnswer, type ExerciseFile } from './schema';
import type { Lines } from './text';
import { parseYaml, type Parsed } from './yaml';

/** A block with a role, as it stands in the file. */
export interface RoleBlock {
  readonly role: Role;
  readonly language: string;
  readonly label: string | undefined;
  readonly fence: FenceBlock;
}

/** An exercise as it stands in the file, usable or not. */
export interface ExerciseSource {
  readonly block: RoleBlock;
  readonly title: string;
  readonly parsed: Parsed<ExerciseFile>;
  readonly blocks: readonly RoleBlock[];
  /** Absent where something is missing. */
  exercise?: Exercise;
}

export interface Body {
  readonly exercises: readonly Exercise[];
  readonly runBlocks: readonly RunBlock[];
  readonly problems: readonly Problem[];
  readonly sources: readonly ExerciseSource[];
  readonly runs: readonly RoleBlock[];
}

/** What the body's blocks are read from: headings as their plain text, fences as they are. */
export type BodyBlock = { readonly type: 'heading'; readonly text: string } | FenceBlock;

/** Puts the blocks of a lesson together into exercises and examples. */
export function readBody(blocks: Iterable<BodyBlock>, lines: Lines): Body {
  return new BodyReader(lines).read(blocks);
}

class BodyReader {
  private readonly exercises: Exercise[] = [];
  private readonly runBlocks: RunBlock[] = [];
  private readonly runs: RoleBlock[] = [];
  private readonly problems: Problem[] = [];
  private readonly sources: ExerciseSource[] = [];
  private readonly taken = new Set<string>();
  private heading = '';
  private current: (ExerciseSource & { blocks: RoleBlock[] }) | undefined;
  private last: FenceBlock | undefined;

  constructor(private readonly lines: Lines) {}

  read(blocks: Iterable<BodyBlock>): Body {
    for (const block of blocks) {
      if (block.type === 'heading') {
        this.finish();
        this.heading = block.text;
      } else {
        this.fence(block);
        this.last = block;
      }
    }
    this.finish();
    const { exercises, runBlocks, problems, sources, runs } = this;
    return { exercises, runBlocks, problems, sources, runs };
  }

  private fence(fence: FenceBlock): void {
    const swallowed = swallowedLine(fence, (info) => fenceRole(info) !== undefined);
    if (!fence.closed || swallowed !== undefined) this.unclosed(fence, swallowed);
    const found = fenceRole(fence.info);
    if (!found) return;
    // spelled out: spreading them is half of the time that all this takes
    const { role, label } = found;
    const block: RoleBlock = { role, label, language: fenceLanguage(fence.info), fence };
    if (!fence.top) {
      const message = 'A block with a role must stand at the left margin, not inside a list or quote.';
      this.problems.push(problem('block-in-list', message, this.lines.lineRange(fence.line)));
    } else if (role === 'run') {
      this.runs.push(block);
      const id = `run-${this.runBlocks.length + 1}`;
      this.runBlocks.push({ text: fence.text, line: fence.line + 1, id, title: this.heading });
    } else if (role === 'output') {
      this.output(block);
    } else if (role === 'exercise') {
      this.finish();
      const defaults = () => ({ id: this.freeId(idOf(this.heading)) });
      const parsed = parseYaml(fence.text, exerciseSchema, fence.line + 1, defaults, this.indentOf(fence));
      this.problems.push(...parsed.problems);
      this.current = { block, title: this.heading, parsed, blocks: [] };
      this.sources.push(this.current);
    } else if (this.current) {
      this.current.blocks.push(block);
    } else {
      const message = `This ${role} belongs to no exercise: put it below a \`\`\`yaml exercise block.`;
      this.problems.push(problem('stray-block', message, this.lines.lineRange(fence.line)));
    }
  }

  private finish(): void {
    const source = this.current;
    this.current = undefined;
    if (!source) return;
    const file = source.parsed.value;
    const found = this.answers(source);
    // the exercise block itself is not usable: what else is missing comes when it is
    if (!file) return;
    // a choice or a checklist has no SQL: its texts are what an answer's line would be
    const chosen = quizAnswer(file.expect);
    const code = (text: string): Code | undefined =>
      chosen === undefined ? undefined : { text, line: source.block.fence.line + 1 };
    const starter = found.starter ?? code('-- answer:\n');
    const solution = found.solution ?? code(`-- answer: ${chosen ?? ''}\n`);
    if (!starter) this.lacks(source, file.id, 'starter');
    if (!solution) this.lacks(source, file.id, 'solution');
    if (this.taken.has(file.id)) {
      const range = source.parsed.source.valueRange(['id']);
      const message = `The exercise id “${file.id}” is used twice in this lesson. Ids must differ, for progress is kept under them.`;
      this.problems.push(problem('duplicate-exercise-id', message, range, change(range, this.freeId(file.id))));
      return;
    }
    this.taken.add(file.id);
    if (!starter || !solution) return;
    const { hints, wrong, alternatives } = found;
    const { line } = source.block.fence;
    source.exercise = { ...file, title: source.title, line, starter, solution, hints, wrong, alternatives };
    this.exercises.push(source.exercise);
  }

  private answers(source: ExerciseSource): {
    starter?: Code;
    solution?: Code;
    hints: Code[];
    wrong: WrongAnswer[];
    alternatives: Alternative[];
  } {
    const found: ReturnType<BodyReader['answers']> = { hints: [], wrong: [], alternatives: [] };
    for (const block of source.blocks) {
      const code = codeOf(block);
      const { text, line } = code;
      const { role, label, fence } = block;
      if (role === 'hint') found.hints.push(code);
      else if (role === 'wrong') {
        if (label !== undefined && label.trim() !== '') found.wrong.push({ text, line, message: label });
        else
          this.unlabelled(
            block,
            'unlabelled-wrong',
            'A wrong answer needs its message in quotes: ```sql wrong "What is wrong with it."',
          );
      } else if (role === 'alternative') {
        if (label !== undefined && label.trim() !== '') found.alternatives.push({ text, line, name: label });
        else
          this.unlabelled(
            block,
            'unlabelled-alternative',
            'An alternative needs its name in quotes: ```sql alternative "A covering index"',
          );
      } else if (role === 'starter' || role === 'solution') {
        if (found[role]) this.repeated(block, role);
        else found[role] = code;
      }
      if (role !== 'starter' && fence.text.trim() === '')
        this.problems.push(problem('empty-block', `This ${role} is empty.`, this.lines.lineRange(fence.line)));
    }
    return found;
  }

  private output(block: RoleBlock): void {
    const { fence } = block;
    const run = this.runBlocks.at(-1);
    const above = this.runs.at(-1)?.fence;
    const between =
      above && this.last === above
        ? Array.from({ length: fence.line - above.endLine - 1 }, (_, at) => this.lines.line(above.endLine + 1 + at))
        : ['x'];
    const { masks, unknown, on, badVersions } = readOutputInfo(fence.info);
    if (badVersions) {
      const message = 'Write the versions that print it as in “on 18”, “on 16-18” or “on 17+”.';
      this.problems.push(problem('wrong-versions', message, this.inInfo(fence, badVersions)));
    }
    for (const { text, start } of unknown) {
      const range = this.inInfo(fence, { text, start });
      const isFirst = masks.length === 0 && unknown[0]?.start === start && !/\bmasking\b/.test(fence.info);
      if (isFirst) {
        const message = 'Write what varies as in ```text output masking times, memory.';
        this.problems.push(
          problem('unknown-mask', message, range, [
            fix('Put “masking” before it', insertion(fence.line, range.startCharacter), 'masking '),
          ]),
        );
        break;
      }
      const message = `There is no mask “${text}”. There are ${MASK_NAMES.join(', ')}.`;
      this.problems.push(problem('unknown-mask', message, range, change(range, closest(text, MASK_NAMES))));
    }
    if (!run || between.some((line) => line.trim() !== '')) {
      const message =
        'An output stands directly below the ```sql run block that prints it. A plain ```text block is not verified.';
      const range = this.lines.lineRange(fence.line);
      const plain = this.lines.line(fence.line).replace(/\s+output\b.*$/, '');
      this.problems.push(
        problem('stray-output', message, range, [fix('Make it a plain text block', range, plain.trimStart())]),
      );
      return;
    }
    const output: OutputBlock = { ...codeOf(block), masks, ...(on && { on }) };
    this.runBlocks[this.runBlocks.length - 1] = { ...run, output };
  }

  private inInfo(fence: FenceBlock, { text, start }: InfoWord): TextRange {
    const at = this.lines.line(fence.line).indexOf(fence.marks) + fence.marks.length + start;
    return { startLine: fence.line, startCharacter: at, endLine: fence.line, endCharacter: at + text.length };
  }

  private unclosed(fence: FenceBlock, swallowed: number | undefined): void {
    const range = this.lines.lineRange(fence.line);
    const before = swallowed ?? fence.endLine + 1;
    const message =
      swallowed === undefined
        ? `This block is not closed: put a line of ${fence.marks} below its last line.`
        : `This block is not closed before the next one begins, in line ${swallowed + 1}.`;
    const edits = [insertLines(this.lines, before, fence.marks)];
    const title =
      swallowed === undefined
        ? 'Close the block at the end of the file'
        : `Close the block before line ${swallowed + 1}`;
    this.problems.push(problem('unclosed-fence', message, range, [{ title, edits }]));
  }

  private lacks(source: ExerciseSource, id: string, role: 'starter' | 'solution'): void {
    const { fence } = source.block;
    const blocks = source.blocks.filter((block) => role === 'solution' && ['starter', 'hint'].includes(block.role));
    const edit = insertLines(
      this.lines,
      (blocks.at(-1)?.fence ?? fence).endLine + 1,
      `\`\`\`sql ${role}\n-- ${role === 'starter' ? 'Say what is to be done.' : 'A right answer.'}\n\`\`\``,
    );
    const message = `The exercise “${id}” has no ${role}: add a block \`\`\`sql ${role} below it.`;
    this.problems.push(
      problem(role === 'starter' ? 'no-starter' : 'no-solution', message, this.lines.lineRange(fence.line), [
        { title: `Add a ${role}`, edits: [edit] },
      ]),
    );
  }

  private unlabelled(block: RoleBlock, code: 'unlabelled-wrong' | 'unlabelled-alternative', message: string): void {
    const { line } = block.fence;
    const range = this.lines.lineRange(line);
    const content = this.lines.line(line).trimEnd();
    // “typographic” or 'single' quotes, or none at all
    const words = /\b(?:wrong|alternative)\b\s*(\S.*)?$/.exec(content);
    const text = (words?.[1] ?? '').replace(/["“”„«»‘’']/g, '').trim();
    const start = words ? content.length - (words[1]?.length ?? 0) : content.length;
    const label = `"${text || (block.role === 'wrong' ? 'What is wrong with it.' : 'What is unusual about it')}"`;
    const at: TextRange = { startLine: line, startCharacter: start, endLine: line, endCharacter: content.length };
    const title = text ? 'Put it in quotes' : 'Add the text';
    this.problems.push(
      problem(code, message, range, [fix(title, at, content.charAt(start - 1) === ' ' ? label : ` ${label}`)]),
    );
  }

  private repeated(block: RoleBlock, role: 'starter' | 'solution'): void {
    const range = this.lines.lineRange(block.fence.line);
    const fixes: Fix[] = [];
    const content = this.lines.line(block.fence.line);
    const at = content.indexOf(role);
    if (role === 'solution' && at >= 0)
      fixes.push(
        fix(
          'Make it an alternative',
          {
            startLine: block.fence.line,
            startCharacter: at,
            endLine: block.fence.line,
            endCharacter: content.trimEnd().length,
          },
          'alternative "What is unusual about it"',
        ),
      );
    const advice =
      role === 'solution' ? ' Another right answer is an alternative: ```sql alternative "a covering index".' : '';
    this.problems.push(problem('repeated-block', `The exercise has a ${role} already.${advice}`, range, fixes));
  }

  /** An indented fence takes its own indentation off its lines. */
  private indentOf(fence: FenceBlock): (line: number) => number {
    if (this.lines.line(fence.line).startsWith(fence.marks)) return () => 0;
    const own = fence.text.split('\n');
    return (line) => Math.max(0, this.lines.line(fence.line + 1 + line).length - (own[line] ?? '').length);
  }

  private freeId(id: string): string {
    const base = id || 'exercise';
    let free = base;
    for (let number = 2; this.taken.has(free); number++) free = `${base}-${number}`;
    return free;
  }
}

function codeOf({ fence }: RoleBlock): Code {
  return { text: fence.text, line: fence.line + 1 };
}
