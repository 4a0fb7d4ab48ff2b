import { blocksOf, type Block } from './blocks';
import { readBody, type Body, type BodyBlock } from './exercises';
import { readFrontMatter, type FrontMatterPart } from './frontMatter';
import type { ExerciseOutline, Lesson } from './lesson';
import { plainHeading } from './markdown';
import { readOutline } from './outline';
import type { Problem } from './problem';
import { Slugs } from './slugs';
import { Lines, normalizeText } from './text';

export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly slug: string;
  readonly line: number;
}

/** A lesson's file. Each part is read when it is first asked for, and once. */
export class LessonFile {
  readonly text: string;
  private linesRead: Lines | undefined;
  private frontRead: FrontMatterPart | undefined;
  private blocksRead: readonly Block[] | undefined;
  private headingsRead: readonly Heading[] | undefined;
  private outlineRead: readonly ExerciseOutline[] | undefined;
  private bodyRead: Body | undefined;

  constructor(
    readonly path: string,
    source: string,
  ) {
    this.text = normalizeText(source);
  }

  get lines(): Lines {
    return (this.linesRead ??= new Lines(this.text));
  }

  get front(): FrontMatterPart {
    return (this.frontRead ??= readFrontMatter(this.lines, this.path));
  }

  get blocks(): readonly Block[] {
    const { bodyLine, bodyStart } = this.front;
    return (this.blocksRead ??= blocksOf(this.text.slice(bodyStart), bodyLine));
  }

  get headings(): readonly Heading[] {
    if (!this.headingsRead) {
      const slugs = new Slugs();
      this.headingsRead = this.blocks.flatMap((block): Heading[] => {
        if (block.type !== 'heading') return [];
        const text = plainHeading(block.source);
        return [{ level: block.level, text, slug: slugs.next(text), line: block.line }];
      });
    }
    return this.headingsRead;
  }

  get outline(): readonly ExerciseOutline[] {
    return (this.outlineRead ??= readOutline(this.blocks));
  }

  /** Reads what the tree shows, before it is asked for. */
  prepareOutline(): void {
    if (this.front.value) this.outlineRead ??= readOutline(this.blocks);
  }

  get body(): Body {
    return (this.bodyRead ??= readBody(this.bodyBlocks(), this.lines));
  }

  /** What is wrong with its format; what a lint says comes besides. */
  get problems(): readonly Problem[] {
    return [...this.front.problems, ...this.body.problems];
  }

  /** `undefined` when the front matter is not usable. */
  lesson(section: string): Lesson | undefined {
    const { value, bodyLine } = this.front;
    if (!value) return undefined;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getters' own `this` is the lesson
    const file = this;
    return {
      ...value,
      path: this.path,
      section,
      source: this.text,
      bodyLine,
      get outline() {
        return file.outline;
      },
      get exercises() {
        return file.body.exercises;
      },
      get runBlocks() {
        return file.body.runBlocks;
      },
      get problems() {
        return file.problems;
      },
    };
  }

  private bodyBlocks(): BodyBlock[] {
    return this.blocks.map((block) =>
      block.type === 'heading' ? { type: 'heading', text: plainHeading(block.source) } : block,
    );
  }
}
