import { l10n, Uri, window, workspace } from 'vscode';
import type { NewLessonArgument } from '../../contributions';
import { lessonsOf, type Section } from '../../course/lesson';
import type { LessonKind } from '../../course/templates';
import { CancelledError, UserError } from '../../shared/errors';
import type { CourseEntry, Courses } from '../lesson/courses';
import { exists, titleError } from './newCourse';

/**
 * Writes a lesson from its kind's template and opens it.
 * @throws {UserError} when there is no such course, section or kind, or something is in the way
 */
export async function newLesson(courses: Courses, argument: NewLessonArgument): Promise<void> {
  const { freeId, idFrom, lessonFileName, lessonTemplate, titleFrom } = await import('../../course/templates');
  const entry = await pickCourse(courses, argument.course);
  const section = await pickSection(entry, argument.section);
  const kind = await pickKind(argument.kind);
  const title = titleFrom(argument.title ?? (await askTitle()));
  const plain = idFrom(title);
  if (plain === '') throw titleError(title);

  const lessons = lessonsOf(entry.course);
  const id = freeId(
    plain,
    lessons.map((lesson) => lesson.id),
  );
  const folder = Uri.joinPath(entry.root, ...section.folder.split('/'));
  const names = await entry.files.list(section.folder);
  const uri = Uri.joinPath(folder, lessonFileName(id, names));
  if (await exists(uri))
    throw new UserError(
      l10n.t('There is a file {0} already, and nothing is written over.', workspace.asRelativePath(uri)),
      l10n.t('Give the lesson another title.'),
    );
  const dataset = (section.lessons.at(-1) ?? lessons.at(-1))?.dataset ?? (await firstDataset(entry));
  const text = lessonTemplate(kind, { id, title, ...(dataset !== undefined && { dataset }) });
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await window.showTextDocument(uri, { preview: false });
}

/** A course that somebody works on here: the one named, the only one, that of the active editor first. */
export async function pickCourse(courses: Courses, id?: string): Promise<CourseEntry> {
  const own = (await courses.all()).filter(({ authored }) => authored);
  if (id !== undefined) {
    const entry = own.find(({ course }) => course.id === id);
    if (entry) return entry;
    throw new UserError(
      l10n.t('There is no course “{0}” in this workspace.', id),
      l10n.t('Open its folder, or name it in the setting pgLessons.courseFolders.'),
    );
  }
  const [only] = own;
  if (!only)
    throw new UserError(
      l10n.t('There is no course in this workspace.'),
      l10n.t('Make one with New Course, or open the folder of one.'),
    );
  if (own.length === 1) return only;
  const { activeTextEditor } = window;
  const here = activeTextEditor && courses.fileOf(activeTextEditor.document.uri)?.entry.course.id;
  const picked = await window.showQuickPick(
    own
      .toSorted((a, b) => Number(b.course.id === here) - Number(a.course.id === here))
      .map((entry) => ({ label: entry.course.title, description: workspace.asRelativePath(entry.root), entry })),
    { title: l10n.t('Course') },
  );
  if (!picked) throw new CancelledError();
  return picked.entry;
}

async function pickSection({ course }: CourseEntry, folder?: string): Promise<Section> {
  const { sections } = course;
  if (folder !== undefined) {
    const section = sections.find((candidate) => candidate.folder === folder);
    if (section) return section;
    throw new UserError(
      l10n.t('The course has no section “{0}”.', folder),
      l10n.t('Its sections are {0}; course.yaml lists them.', sections.map((section) => section.folder).join(', ')),
    );
  }
  const [only] = sections;
  if (!only) throw new UserError(l10n.t('The course has no section.'), l10n.t('Add one to its course.yaml.'));
  if (sections.length === 1) return only;
  const picked = await window.showQuickPick(
    sections.map((section) => ({ label: section.title, description: `${section.folder}/`, section })),
    { title: l10n.t('New Lesson'), placeHolder: l10n.t('In which section?') },
  );
  if (!picked) throw new CancelledError();
  return picked.section;
}

async function pickKind(given?: string): Promise<LessonKind> {
  const { LESSON_KINDS } = await import('../../course/templates');
  if (given !== undefined) {
    const kind = LESSON_KINDS.find((candidate) => candidate === given);
    if (kind) return kind;
    throw new UserError(
      l10n.t('There is no lesson kind “{0}”.', given),
      l10n.t('The kinds are {0}.', LESSON_KINDS.join(', ')),
    );
  }
  const picked = await window.showQuickPick(
    LESSON_KINDS.map((kind) => ({ label: kind, detail: KINDS[kind](), value: kind })),
    { title: l10n.t('New Lesson'), placeHolder: l10n.t('Of which kind?') },
  );
  if (!picked) throw new CancelledError();
  return picked.value;
}

const KINDS: Readonly<Record<LessonKind, () => string>> = {
  tutorial: () => l10n.t('Explains, shows examples, and has exercises.'),
  workshop: () => l10n.t('Step by step to something that works.'),
  homework: () => l10n.t('Exercises to be done alone, with a rubric.'),
  installation: () => l10n.t('How to set something up, and how to tell that it works.'),
  resource: () => l10n.t('To look things up in.'),
  quiz: () => l10n.t('Questions with answers to choose from.'),
  checklist: () => l10n.t('What has to hold before one goes on.'),
};

async function askTitle(): Promise<string> {
  const { idFrom } = await import('../../course/templates');
  const title = await window.showInputBox({
    title: l10n.t('New Lesson'),
    prompt: l10n.t('Title'),
    placeHolder: l10n.t('Indexes on Several Columns'),
    validateInput: (value) => (idFrom(value) === '' ? titleError(value).message : undefined),
  });
  if (title === undefined) throw new CancelledError();
  return title;
}

async function firstDataset({ files }: CourseEntry): Promise<string | undefined> {
  return (await files.list('datasets'))
    .filter((name) => name.endsWith('.sql'))
    .sort()[0]
    ?.slice(0, -'.sql'.length);
}
