import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Position,
  Range,
  workspace,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { SqlError } from '../../sql/session';
import type { Statement } from '../../sql/statements';

/** The server's errors, where they stand in the SQL that was run. */
export class SqlProblems extends Disposable {
  private readonly collection = languages.createDiagnosticCollection('pgLessons.sql');
  private readonly subscription: Disposable;

  constructor() {
    super(() => {
      this.collection.dispose();
      this.subscription.dispose();
    });
    // an edit may have mended it, and the place it pointed at has moved
    this.subscription = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.collection.delete(document.uri);
    });
  }

  clear(uri: Uri): void {
    this.collection.delete(uri);
  }

  set(document: TextDocument, statement: Statement, error: SqlError): void {
    const parts = [
      error.message,
      error.detail && `Detail: ${error.detail}`,
      error.hint && `Hint: ${error.hint}`,
    ].filter((part) => part !== undefined && part !== '');
    const diagnostic = new Diagnostic(
      rangeOf(document, statement, error.offset),
      parts.join('\n'),
      DiagnosticSeverity.Error,
    );
    diagnostic.source = 'PostgreSQL';
    diagnostic.code = error.code;
    this.collection.set(document.uri, [diagnostic]);
  }
}

/** The word at the server's position; the statement's first line where it gave none. */
function rangeOf(document: TextDocument, statement: Statement, offset: number | undefined): Range {
  if (offset === undefined) {
    const start = document.positionAt(statement.start);
    return new Range(start, document.lineAt(start.line).range.end);
  }
  const at = document.positionAt(Math.min(statement.start + offset, statement.end));
  const word = document.getWordRangeAtPosition(at);
  if (word && !word.isEmpty) return word;
  // at the end of the input: the last character that is there
  const start = at.isEqual(document.lineAt(at.line).range.end) && at.character > 0 ? at.translate(0, -1) : at;
  return new Range(start, new Position(start.line, start.character + 1));
}
