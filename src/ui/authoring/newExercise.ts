import { l10n, SnippetString, window, type TextEditor } from 'vscode';
import type { NewExerciseArgument } from '../../contributions';
import type { ExerciseKind } from '../../course/templates';
import { CancelledError, UserError } from '../../shared/errors';
import type { CourseFile, Courses } from '../lesson/courses';

/**
 * Inserts an exercise where the cursor is in the lesson that is open.
 * @throws {UserError} when no lesson is open, or the cursor is inside a block
 */
export async function newExercise(courses: Courses, argument: NewExerciseArgument): Promise<void> {
  const { exerciseSnippet, freeId } = await import('../../course/templates');
  await courses.all();
  const editor = window.activeTextEditor;
  const file = editor && courses.fileOf(editor.document.uri);
  if (!editor || !file?.path.endsWith('.md'))
    throw new UserError(
      l10n.t('An exercise is put into a lesson, and no lesson is open in the editor.'),
      l10n.t('Open the lesson’s file and put the cursor where the exercise should begin.'),
    );
  const kind = await pickKind(argument.kind);
  const text = editor.document.getText();
  const id = freeId(
    'new-exercise',
    [...text.matchAll(/^id:[ \t]*['"]?([a-z0-9-]+)/gm)].map(([, used]) => used ?? ''),
  );
  const snippet = exerciseSnippet(kind, { id, ...(await tableOf(file, text)) });
  const { line, before, after } = place(editor);
  const shown = await window.showTextDocument(editor.document, editor.viewColumn);
  await shown.insertSnippet(new SnippetString(before + snippet + after), editor.document.lineAt(line).range.start);
}

async function pickKind(given?: string): Promise<ExerciseKind> {
  const { EXERCISE_KINDS } = await import('../../course/templates');
  if (given !== undefined) {
    const kind = EXERCISE_KINDS.find((candidate) => candidate === given);
    if (kind) return kind;
    throw new UserError(
      l10n.t('There is no template for an exercise of the kind “{0}”.', given),
      l10n.t('There are templates for {0}.', EXERCISE_KINDS.join(', ')),
    );
  }
  const picked = await window.showQuickPick(
    EXERCISE_KINDS.map((kind) => ({ label: kind, detail: KINDS[kind](), value: kind })),
    { title: l10n.t('New Exercise'), placeHolder: l10n.t('What should hold when it is solved?') },
  );
  if (!picked) throw new CancelledError();
  return picked.value;
}

const KINDS: Readonly<Record<ExerciseKind, () => string>> = {
  rows: () => l10n.t('The student’s query gives the right rows.'),
  plan: () => l10n.t('A query’s plan is good: it uses an index, reads few buffers.'),
  index: () => l10n.t('An index is there, whatever it is called.'),
  table: () => l10n.t('A table has these columns, constraints, options.'),
  setting: () => l10n.t('A setting has a value, for the session, a role or the database.'),
  state: () => l10n.t('A query about the database says yes.'),
  answer: () => l10n.t('A number or a word behind “-- answer:” is right.'),
  choice: () => l10n.t('The right one of several options is chosen; no SQL.'),
  checklist: () => l10n.t('Boxes are ticked; no SQL.'),
};

/**
 * The line that the cursor is in, or the one below when something stands there; an empty line on either side.
 * @throws {UserError} inside a fenced block
 */
function place(editor: TextEditor): { line: number; before: string; after: string } {
  const { document, selection } = editor;
  const at = selection.active.line;
  if (insideFence(document.getText().split(/\r?\n/).slice(0, at)))
    throw new UserError(
      l10n.t('The cursor is inside a code block.'),
      l10n.t('Put it on an empty line, outside of every block.'),
    );
  const empty = (line: number): boolean => line < 0 || document.lineAt(line).isEmptyOrWhitespace;
  if (!empty(at)) {
    // before the line: what stands there follows the exercise
    return { line: at, before: empty(at - 1) ? '' : '\n', after: '\n' };
  }
  const last = at + 1 >= document.lineCount;
  return { line: at, before: empty(at - 1) ? '' : '\n', after: last || empty(at + 1) ? '' : '\n' };
}

/** Whether a fence that begins in these lines is open at their end. */
function insideFence(lines: readonly string[]): boolean {
  let open: string | undefined;
  for (const line of lines) {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (!fence) continue;
    const [, marks = '', info = ''] = fence;
    if (open === undefined) open = marks;
    else if (marks.startsWith(open) && info.trim() === '') open = undefined;
  }
  return open !== undefined;
}

/** A table of the lesson's data set and a column of it, so that the exercise runs as it is inserted. */
async function tableOf({ entry }: CourseFile, text: string): Promise<{ table?: string; column?: string }> {
  const name = /^dataset:[ \t]*['"]?([^'"\s#]+)/m.exec(text)?.[1];
  if (name === undefined) return {};
  try {
    const { relationsOf } = await import('../../course/author/relations');
    const relations = relationsOf(await entry.files.read(`datasets/${name}.sql`));
    for (const { name: table, columns } of relations.toReversed()) {
      // not the first, which is mostly a key; a number, for that is what the templates compare with
      const column = columns.slice(1).find((each) => /^(?:small|big)?int/i.test(each.type) && PLAIN.test(each.name));
      if (column && PLAIN.test(table)) return { table, column: column.name };
    }
    return {};
  } catch {
    return {}; // no such data set: that is a problem of its own
  }
}

/** A name that SQL takes without quotes, but for its key words. */
const PLAIN = /^[a-z_][a-z0-9_]*$/;
