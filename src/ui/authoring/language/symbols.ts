import {
  DocumentSymbol,
  l10n,
  SymbolKind,
  type CancellationToken,
  type DocumentSymbolProvider,
  type DocumentSymbolProviderMetadata,
  type TextDocument,
} from 'vscode';
import { exerciseParts, type Part } from '../../../course/author/structure';
import type { AuthoredFiles } from './authoredFiles';
import { rangeOf } from './convert';

/** Exercises with their blocks, beside VS Code's own outline of the headings. */
export class ExerciseSymbols implements DocumentSymbolProvider {
  constructor(private readonly files: AuthoredFiles) {}

  static metadata(): DocumentSymbolProviderMetadata {
    return { label: l10n.t('Exercises') };
  }

  async provideDocumentSymbols(
    document: TextDocument,
    token: CancellationToken,
  ): Promise<DocumentSymbol[] | undefined> {
    if (!(await this.files.of(document.uri)) || token.isCancellationRequested) return undefined;
    return exerciseParts(document.getText()).map((part) => symbol(document, part, SymbolKind.Class));
  }
}

function symbol(document: TextDocument, part: Part, kind: SymbolKind): DocumentSymbol {
  const { name, detail, span, selection, children } = part;
  const made = new DocumentSymbol(name, detail, kind, rangeOf(document, span), rangeOf(document, selection));
  made.children = children.map((child) => symbol(document, child, SymbolKind.Field));
  return made;
}
