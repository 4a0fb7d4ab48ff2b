import {
  l10n,
  window,
  WorkspaceEdit,
  workspace,
  type CancellationToken,
  type Position,
  type Range,
  type RenameProvider,
  type TextDocument,
} from 'vscode';
import {
  exerciseIds,
  idAt,
  lessonId,
  refusal,
  renameId,
  type CourseText,
  type IdTarget,
} from '../../../course/author/rename';
import { fileUri, type AuthoredFile, type AuthoredFiles } from './authoredFiles';
import { rangeOf } from './convert';

/** Renames the id of an exercise, a lesson or a course, with the links to it. */
export class IdRename implements RenameProvider {
  constructor(private readonly files: AuthoredFiles) {}

  async prepareRename(document: TextDocument, position: Position): Promise<{ range: Range; placeholder: string }> {
    const { target } = await this.target(document, position);
    return { range: rangeOf(document, target.span), placeholder: target.id };
  }

  async provideRenameEdits(
    document: TextDocument,
    position: Position,
    newName: string,
    token: CancellationToken,
  ): Promise<WorkspaceEdit | undefined> {
    const { file, target } = await this.target(document, position);
    const lessons = await this.files.lessons(file);
    if (token.isCancellationRequested) return undefined;
    const own = { path: file.path, source: document.getText() };
    const texts = [own, ...lessons.filter(({ path }) => path !== file.path)];
    const reason = refusal(target, newName, taken(target, own, texts));
    if (reason !== undefined) throw new Error(reason);
    const edit = new WorkspaceEdit();
    for (const each of renameId(file.path, target, newName, texts)) {
      const changed = await workspace.openTextDocument(fileUri(file, each.path));
      edit.replace(changed.uri, rangeOf(changed, each), each.text);
    }
    if (newName !== target.id)
      void window.showInformationMessage(
        l10n.t('Progress that students have under the id “{0}” is not found under “{1}”.', target.id, newName),
      );
    return edit;
  }

  /** @throws where there is no id to rename: VS Code then asks the next provider */
  private async target(
    document: TextDocument,
    position: Position,
  ): Promise<{ readonly file: AuthoredFile; readonly target: IdTarget }> {
    const file = await this.files.of(document.uri);
    const target = file && idAt(file.path, document.getText(), document.offsetAt(position));
    if (!target) throw new Error(l10n.t('Only the ids of exercises, lessons and courses can be renamed here.'));
    return { file, target };
  }
}

function taken(target: IdTarget, own: CourseText, texts: readonly CourseText[]): string[] {
  if (target.what === 'exercise') return exerciseIds(own.source);
  if (target.what === 'course') return [];
  return texts.flatMap(({ source }) => lessonId(source) ?? []);
}
