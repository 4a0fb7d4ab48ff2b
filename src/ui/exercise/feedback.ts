import {
  CodeLens,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  EventEmitter,
  l10n,
  languages,
  MarkdownString,
  Range,
  ThemeColor,
  window,
  workspace,
  type CodeLensProvider,
  type DecorationOptions,
  type TextDocument,
} from 'vscode';
import { readAttempt } from '../../check/attempt';
import type { Verdict } from '../../check/verdict';
import { RUN_COMMANDS, type ExerciseArgument } from '../../contributions';
import { isExplainable, statements } from '../../sql/statements';
import type { Runner } from '../run/runner';
import { setting, settingChanged } from '../settings';
import type { ExerciseFiles } from './files';
import type { Verdicts } from './verdicts';
import { firstSentence, summaryOf } from './verdictView';

/** Above the statements: Run · Explain · Explain Analyze; above an exercise: how it stands, and Check. */
export class SqlCodeLenses extends Disposable implements CodeLensProvider {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly subscriptions: Disposable;

  constructor(
    private readonly files: ExerciseFiles,
    private readonly verdicts: Verdicts,
    private readonly runner: Runner,
  ) {
    super(() => {
      this.subscriptions.dispose();
      this.changed.dispose();
    });
    const refresh = (): void => this.changed.fire();
    this.subscriptions = Disposable.from(
      languages.registerCodeLensProvider({ language: 'sql' }, this),
      verdicts.onDidChange(refresh),
      runner.onDidChange(refresh),
      workspace.onDidChangeConfiguration((event) => {
        if (settingChanged(event, 'pgLessons.codeLens')) refresh();
      }),
    );
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const exercise = this.files.exerciseOf(document.uri);
    const mode = setting('pgLessons.codeLens', document);
    if (mode === 'none' || (mode === 'exercises' && !exercise)) return [];
    return [...(exercise ? this.exerciseLenses(document, exercise) : []), ...this.statementLenses(document)];
  }

  private exerciseLenses(document: TextDocument, exercise: ExerciseArgument): CodeLens[] {
    const top = new Range(0, 0, 0, 0);
    const verdict = this.verdicts.of(exercise);
    const lens = (title: string, command: string, tooltip: string): CodeLens =>
      new CodeLens(top, { title, command, tooltip, arguments: [exercise] });
    const state = this.verdicts.isChecking(exercise)
      ? l10n.t('$(sync~spin) Checking…')
      : verdictTitle(verdict, this.verdicts.isStale(exercise, document.getText()));
    return [
      lens(state, 'pgLessons.checkExercise', l10n.t('Postgres Lessons: check this exercise')),
      lens(l10n.t('Hint'), 'pgLessons.showHint', l10n.t('Postgres Lessons: one more hint')),
      lens(l10n.t('Reset'), 'pgLessons.resetExercise', l10n.t('Postgres Lessons: begin this exercise anew')),
      lens(l10n.t('Lesson'), 'pgLessons.openLesson', l10n.t('Postgres Lessons: open the lesson')),
    ];
  }

  private statementLenses(document: TextDocument): CodeLens[] {
    const uri = document.uri.toString();
    const { running } = this.runner;
    const text = document.getText();
    // a dump: thousands of lenses, made anew at each key, help nobody; Run at the cursor still works
    if (text.length > MOST_CHARACTERS) return [];
    return statements(text).flatMap((statement) => {
      const at = document.positionAt(statement.start);
      const range = new Range(at, at);
      if (running?.origin === uri && running.start === statement.start) {
        return [
          new CodeLens(range, {
            title: l10n.t('$(debug-stop) Cancel'),
            command: 'pgLessons.cancelStatement',
            tooltip: l10n.t('Postgres Lessons: cancel this statement'),
          }),
        ];
      }
      const argument = { uri, start: statement.start, end: statement.end };
      const lens = (title: string, command: string, tooltip: string): CodeLens =>
        new CodeLens(range, { title, command, tooltip, arguments: [argument] });
      return [
        lens(l10n.t('$(play) Run'), RUN_COMMANDS.run, l10n.t('Postgres Lessons: run this statement')),
        ...(isExplainable(statement)
          ? [
              lens(
                l10n.t('Explain'),
                RUN_COMMANDS.explain,
                l10n.t('Postgres Lessons: show the plan without running it'),
              ),
              lens(
                l10n.t('Explain Analyze'),
                RUN_COMMANDS.analyze,
                l10n.t('Postgres Lessons: run it and show the measured plan'),
              ),
            ]
          : []),
      ];
    });
  }
}

const MOST_CHARACTERS = 200_000;

function verdictTitle(verdict: Verdict | undefined, stale: boolean): string {
  if (!verdict) return l10n.t('$(pass) Check');
  if (stale) return l10n.t('$(history) Changed · Check');
  if (verdict.passed) return l10n.t('$(pass-filled) Passed {0}/{1}', verdict.points, verdict.maxPoints);
  return l10n.t('$(error) Not yet {0}/{1} · Check', verdict.points, verdict.maxPoints);
}

/** The verdict at the end of the line it is about, with a hover, and failures among the Problems. */
export class InlineVerdicts extends Disposable {
  private readonly problems = languages.createDiagnosticCollection('pgLessons.check');
  private readonly passed = decoration('charts.green');
  private readonly failed = decoration('errorForeground');
  private readonly stale = decoration('descriptionForeground');
  private readonly subscriptions: Disposable;

  constructor(
    private readonly files: ExerciseFiles,
    private readonly verdicts: Verdicts,
  ) {
    super(() => {
      this.subscriptions.dispose();
    });
    this.subscriptions = Disposable.from(
      this.problems,
      this.passed,
      this.failed,
      this.stale,
      verdicts.onDidChange(() => this.showAll()),
      window.onDidChangeVisibleTextEditors(() => this.showAll()),
      workspace.onDidChangeTextDocument(({ document }) => this.show(document)),
      workspace.onDidCloseTextDocument((document) => this.problems.delete(document.uri)),
    );
    this.showAll();
  }

  private showAll(): void {
    for (const document of new Set(window.visibleTextEditors.map((editor) => editor.document))) this.show(document);
  }

  private show(document: TextDocument): void {
    const exercise = this.files.exerciseOf(document.uri);
    if (!exercise) return;
    const verdict = this.verdicts.isChecking(exercise) ? undefined : this.verdicts.of(exercise);
    const stale = this.verdicts.isStale(exercise, document.getText());
    const shown = verdict && (stale ? this.stale : verdict.passed ? this.passed : this.failed);
    for (const editor of window.visibleTextEditors.filter((candidate) => candidate.document === document)) {
      for (const type of [this.passed, this.failed, this.stale]) {
        editor.setDecorations(type, verdict && type === shown ? [inlineText(anchor(document), verdict, stale)] : []);
      }
    }
    this.problems.set(document.uri, verdict && !verdict.passed && !stale ? failures(anchor(document), verdict) : []);
  }
}

function decoration(color: string): ReturnType<typeof window.createTextEditorDecorationType> {
  return window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new ThemeColor(color) },
    isWholeLine: true,
  });
}

/** The line a verdict is about: the answer, else the last query, else the last statement, else the first line. */
function anchor(document: TextDocument): Range {
  const text = document.getText();
  const attempt = readAttempt(text);
  const at = attempt.answerAt ?? attempt.query?.start ?? statements(text).at(-1)?.start ?? 0;
  const { range, firstNonWhitespaceCharacterIndex } = document.lineAt(document.positionAt(at).line);
  return range.with(range.start.translate(0, firstNonWhitespaceCharacterIndex));
}

function inlineText(range: Range, verdict: Verdict, stale: boolean): DecorationOptions {
  return {
    range,
    // a failure is among the problems of this line, whose hover says the same
    ...((verdict.passed || stale) && { hoverMessage: hover(verdict, stale) }),
    renderOptions: { after: { contentText: inlineSummary(verdict, stale) } },
  };
}

function inlineSummary(verdict: Verdict, stale: boolean): string {
  if (stale) return l10n.t('○ Changed since the check');
  if (verdict.passed)
    return verdict.bought === undefined ? l10n.t('✓ Passed') : l10n.t('✓ Passed: {0}', verdict.bought);
  return `✗ ${shorten(firstSentence(summaryOf(verdict)), 110)}`;
}

function hover(verdict: Verdict, stale: boolean): MarkdownString {
  const text = new MarkdownString();
  const line = (content: string): void => void text.appendText(content).appendMarkdown('\n\n');
  if (stale) line(l10n.t('The file or the exercise has changed since.'));
  if (verdict.message !== undefined) line(verdict.message);
  for (const outcome of verdict.outcomes) {
    line(
      outcome.note === true ? l10n.t('Note: {0}', outcome.message) : `${outcome.passed ? '✓' : '✗'} ${outcome.message}`,
    );
    if (outcome.expected !== undefined) line(l10n.t('Expected: {0}', outcome.expected));
    if (outcome.seen !== undefined) line(l10n.t('Seen: {0}', outcome.seen));
  }
  return text;
}

function failures(range: Range, verdict: Verdict): Diagnostic[] {
  const failed = verdict.outcomes.filter((outcome) => !outcome.passed);
  return failed.map((outcome, index) => {
    const parts = [
      index === 0 ? verdict.message : undefined,
      outcome.message,
      outcome.expected && l10n.t('Expected: {0}', outcome.expected),
      outcome.seen && l10n.t('Seen: {0}', outcome.seen),
    ].filter((part) => part !== undefined && part !== '');
    const diagnostic = new Diagnostic(range, parts.join('\n'), DiagnosticSeverity.Warning);
    diagnostic.source = 'Postgres Lessons';
    return diagnostic;
  });
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
