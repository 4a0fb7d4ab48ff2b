import {
  CompletionItem,
  CompletionItemKind,
  extensions,
  MarkdownString,
  SnippetString,
  type CancellationToken,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import { completeCourse, completeLesson, type Completion, type Schemas } from '../../../course/author/complete';
import type { AuthoredFiles } from './authoredFiles';
import { rangeOf } from './convert';

/**
 * Markdown has no suggestions while one types, but for characters that ask for them: letters too, so that exercise
 * blocks behave like any YAML. Elsewhere they get none. No line end: Enter would take the first suggestion.
 */
export const TRIGGERS = Array.from(' :-[{,`~"abcdefghijklmnopqrstuvwxyz');

const KINDS: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  relation: CompletionItemKind.Struct,
  column: CompletionItemKind.Field,
  name: CompletionItemKind.Reference,
  role: CompletionItemKind.Keyword,
};

export class LessonCompletion implements CompletionItemProvider {
  constructor(
    private readonly files: AuthoredFiles,
    private readonly schemas: () => Promise<Schemas>,
  ) {}

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<CompletionItem[] | undefined> {
    const file = await this.files.of(document.uri);
    if (!file || token.isCancellationRequested) return undefined;
    const [names, known] = await Promise.all([this.files.names(file, document), this.schemas()]);
    const [text, offset] = [document.getText(), document.offsetAt(position)];
    const found =
      file.path === 'course.yaml'
        ? completeCourse(text, offset, known, names).filter(({ kind }) => kind === 'name' || !hasYamlExtension())
        : completeLesson(text, offset, known, names);
    return found.map((each, index) => item(document, each, index));
  }
}

/** It completes course.yaml from the schema that package.json names. */
function hasYamlExtension(): boolean {
  return extensions.getExtension('redhat.vscode-yaml') !== undefined;
}

function item(document: TextDocument, completion: Completion, index: number): CompletionItem {
  const { kind, label, detail, documentation, snippet, first } = completion;
  const made = new CompletionItem(label, KINDS[kind]);
  made.range = rangeOf(document, completion);
  made.insertText = new SnippetString(snippet);
  // lines below the first are indented as YAML wants them, not as the line they begin on
  made.keepWhitespace = true;
  made.sortText = `${first ? 0 : 1}${String(index).padStart(4, '0')}`;
  if (detail !== '') made.detail = detail;
  if (documentation !== '') made.documentation = new MarkdownString(documentation);
  if (kind === 'key' && /\$1(?: \})?\]?$/.test(snippet))
    made.command = { command: 'editor.action.triggerSuggest', title: '', arguments: [{ auto: true }] };
  return made;
}
