import {
  workspace,
  type CancellationToken,
  type DefinitionProvider,
  type LocationLink,
  type Position,
  type TextDocument,
} from 'vscode';
import { exerciseSpan, meaningAt, relationNamed } from '../../../course/author/definition';
import type { Span } from '../../../course/author/blocks';
import { datasetOf, fileUri, type AuthoredFile, type AuthoredFiles } from './authoredFiles';
import { rangeOf } from './convert';

/** From a data set's name to its file, from a table's to its CREATE TABLE, from `#id` to the exercise. */
export class LessonDefinition implements DefinitionProvider {
  constructor(private readonly files: AuthoredFiles) {}

  async provideDefinition(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<LocationLink[] | undefined> {
    const file = await this.files.of(document.uri);
    if (!file || token.isCancellationRequested) return undefined;
    const source = document.getText();
    const meaning = meaningAt(file.path, source, document.offsetAt(position));
    if (!meaning) return undefined;
    const origin = rangeOf(document, meaning.span);
    switch (meaning.what) {
      case 'dataset':
        return link(file, `datasets/${meaning.name}.sql`, origin, () => ({ start: 0, end: 0 }));
      case 'exercise':
        return link(file, meaning.path, origin, (text) => exerciseSpan(text, meaning.id));
      case 'relation': {
        const dataset = datasetOf(source);
        if (dataset === undefined) return undefined;
        const relation = relationNamed(meaning.name, await this.files.relations(file.files, file.root, dataset));
        return relation && link(file, `datasets/${dataset}.sql`, origin, () => relation);
      }
    }
  }
}

/** `undefined` where there is no such file or place. */
async function link(
  file: AuthoredFile,
  path: string,
  originSelectionRange: LocationLink['originSelectionRange'],
  find: (text: string) => Span | undefined,
): Promise<LocationLink[] | undefined> {
  if (path.split('/').includes('..')) return undefined;
  try {
    const target = await workspace.openTextDocument(fileUri(file, path));
    const span = find(target.getText());
    if (!span) return undefined;
    const targetRange = rangeOf(target, span);
    return [{ ...(originSelectionRange && { originSelectionRange }), targetUri: target.uri, targetRange }];
  } catch {
    return undefined; // the lint says that it is not there
  }
}
