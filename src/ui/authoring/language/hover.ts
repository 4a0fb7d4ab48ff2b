import {
  Hover,
  MarkdownString,
  type CancellationToken,
  type HoverProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import type { Schemas } from '../../../course/author/complete';
import { hoverCourse, hoverLesson } from '../../../course/author/hover';
import type { AuthoredFiles } from './authoredFiles';
import { rangeOf } from './convert';

export class LessonHover implements HoverProvider {
  constructor(
    private readonly files: AuthoredFiles,
    private readonly schemas: () => Promise<Schemas>,
  ) {}

  async provideHover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | undefined> {
    const file = await this.files.of(document.uri);
    if (!file || token.isCancellationRequested) return undefined;
    const [names, known] = await Promise.all([this.files.names(file, document), this.schemas()]);
    const hover = file.path === 'course.yaml' ? hoverCourse : hoverLesson;
    const found = hover(document.getText(), document.offsetAt(position), known, names);
    return found && new Hover(new MarkdownString(found.text), rangeOf(document, found));
  }
}
