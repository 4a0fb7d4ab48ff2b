import { Range, TabInputText, Uri, ViewColumn, window, workspace, type TextEditor } from 'vscode';
import type { ExerciseArgument } from '../../contributions';
import { setting } from '../settings';
import type { ExerciseEntry } from '../lesson/courses';

/** The `.sql` files that students work in: `<folder>/<course>/<lesson>/<exercise>.sql`. */
export class ExerciseFiles {
  constructor(private readonly storage: Uri) {}

  private get folder(): Uri {
    const own = setting('pgLessons.exerciseFolder');
    return own === '' ? Uri.joinPath(this.storage, 'exercises') : Uri.file(own);
  }

  uri({ course, lesson, exercise }: ExerciseArgument): Uri {
    return Uri.joinPath(this.folder, course, lesson, `${exercise}.sql`);
  }

  /** Which exercise a document belongs to. */
  exerciseOf(uri: Uri): ExerciseArgument | undefined {
    const { folder } = this;
    if (uri.scheme !== folder.scheme || !uri.path.startsWith(`${folder.path}/`)) return undefined;
    const [course, lesson, file, ...rest] = uri.path.slice(folder.path.length + 1).split('/');
    if (course === undefined || lesson === undefined || file === undefined || rest.length > 0 || !file.endsWith('.sql'))
      return undefined;
    return { course, lesson, exercise: file.slice(0, -'.sql'.length) };
  }

  /** Opens the exercise's file beside the reader; makes it from the starter only where there is none. */
  async open(entry: ExerciseEntry): Promise<TextEditor> {
    const uri = this.uri(argumentOf(entry));
    if (!(await exists(uri))) await workspace.fs.writeFile(uri, new TextEncoder().encode(entry.exercise.starter.text));
    return window.showTextDocument(uri, { viewColumn: this.columnFor(uri), preview: false });
  }

  /** What the student wrote: the open document, saved or not, else the file, else `undefined`. */
  async text(exercise: ExerciseArgument): Promise<string | undefined> {
    const uri = this.uri(exercise);
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open) return open.getText();
    return (await exists(uri)) ? new TextDecoder().decode(await workspace.fs.readFile(uri)) : undefined;
  }

  /** Puts the starter back, through the editor, so that undo brings the student's text again. */
  async restore(entry: ExerciseEntry): Promise<void> {
    const editor = await this.open(entry);
    const { document } = editor;
    await editor.edit((edit) => edit.replace(document.validateRange(WHOLE), entry.exercise.starter.text));
    await document.save();
  }

  private columnFor(uri: Uri): ViewColumn {
    const shown = window.tabGroups.all.find((group) => group.tabs.some((tab) => isFile(tab.input, uri)));
    return shown?.viewColumn ?? ViewColumn.Two;
  }
}

export function argumentOf(entry: ExerciseEntry): ExerciseArgument {
  return { course: entry.course.id, lesson: entry.lesson.id, exercise: entry.exercise.id };
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

const WHOLE = new Range(0, 0, Number.MAX_SAFE_INTEGER, 0);

function isFile(input: unknown, uri: Uri): boolean {
  return input instanceof TabInputText && input.uri.toString() === uri.toString();
}
