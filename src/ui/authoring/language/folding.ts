import {
  Disposable,
  extensions,
  FoldingRange,
  type CancellationToken,
  type FoldingContext,
  type FoldingRangeProvider,
  type LogOutputChannel,
  type TextDocument,
} from 'vscode';
import { exerciseFolds } from '../../../course/author/structure';
import type { AuthoredFiles } from './authoredFiles';

/** An exercise with all of its blocks as one region; VS Code folds each block by itself. */
export class LessonFolding implements FoldingRangeProvider {
  constructor(private readonly files: AuthoredFiles) {}

  async provideFoldingRanges(
    document: TextDocument,
    _context: FoldingContext,
    token: CancellationToken,
  ): Promise<FoldingRange[] | undefined> {
    if (!(await this.files.of(document.uri)) || token.isCancellationRequested) return undefined;
    return exerciseFolds(document.getText()).map(({ start, end }) => new FoldingRange(start, end));
  }
}

/**
 * Registers once VS Code's markdown extension has registered its own. Of two regions that begin on one line VS Code
 * keeps that of the provider that came last, and an exercise begins on the line of its first block.
 */
export function whenMarkdownIsReady(register: () => Disposable, log: LogOutputChannel): Disposable {
  let registered: Disposable | undefined;
  let disposed = false;
  const done = (): void => {
    if (!disposed) registered = register();
  };
  Promise.resolve(extensions.getExtension('vscode.markdown-language-features')?.activate()).then(
    done,
    (error: unknown) => {
      log.debug(String(error));
      done();
    },
  );
  return new Disposable(() => {
    disposed = true;
    registered?.dispose();
  });
}
