import {
  Disposable,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import { VIEWS } from '../../contributions';
import type { ExerciseOutline, Lesson, Section } from '../../course/lesson';
import { isPassed, lessonTally, progressKey, tally, type Tally } from '../../course/progress';
import type { ProgressStore } from '../exercise/progress';
import type { BrokenCourse, Courses, CourseEntry } from './courses';
import { ProblemCounts } from './problemCounts';

/** Nodes carry the ids that commands take as their argument. */
type Node =
  | { readonly kind: 'course'; readonly entry: CourseEntry; readonly course: string }
  | {
      readonly kind: 'section';
      readonly entry: CourseEntry;
      readonly detail: Section;
      readonly course: string;
      readonly section: string;
    }
  | {
      readonly kind: 'lesson';
      readonly entry: CourseEntry;
      readonly detail: Lesson;
      readonly course: string;
      readonly lesson: string;
    }
  | {
      readonly kind: 'exercise';
      readonly entry: CourseEntry;
      readonly detail: ExerciseOutline;
      readonly course: string;
      readonly lesson: string;
      readonly exercise: string;
    }
  /** A lesson's file that is no lesson yet. */
  | { readonly kind: 'file'; readonly uri: Uri; readonly why: string; readonly line: number }
  | { readonly kind: 'broken'; readonly broken: BrokenCourse };

/** Course → section → lesson → exercise, with progress on every level; an author's course with its problems too. */
export class LessonTree extends Disposable implements TreeDataProvider<Node> {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: TreeView<Node>;
  private readonly problems = new ProblemCounts();
  private readonly subscriptions: Disposable;

  constructor(
    private readonly courses: Courses,
    private readonly progress: ProgressStore,
  ) {
    super(() => {
      this.subscriptions.dispose();
      this.changed.dispose();
    });
    this.view = window.createTreeView(VIEWS.lessons, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = Disposable.from(
      this.view,
      this.problems,
      courses.onDidChange(() => this.changed.fire()),
      progress.onDidChange(() => this.changed.fire()),
      this.problems.onDidChange(() => this.changed.fire()),
    );
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      const entries = await this.courses.all();
      return [
        ...entries.map((entry): Node => ({ kind: 'course', entry, course: entry.course.id })),
        ...this.courses.broken.map((broken): Node => ({ kind: 'broken', broken })),
      ];
    }
    switch (node.kind) {
      case 'course': {
        const { entry, course } = node;
        return entry.course.sections
          .filter((section) => section.lessons.length > 0 || (entry.authored && !entry.broken))
          .map((detail) => ({ kind: 'section', entry, detail, course, section: detail.folder }));
      }
      case 'section': {
        const { entry, course } = node;
        const lessons = node.detail.lessons.map((detail): Node => ({
          kind: 'lesson',
          entry,
          detail,
          course,
          lesson: detail.id,
        }));
        return [...lessons, ...unusableFiles(entry, node.detail)];
      }
      case 'lesson':
        return node.detail.outline.map((detail) => ({
          kind: 'exercise',
          entry: node.entry,
          detail,
          course: node.course,
          lesson: node.lesson,
          exercise: detail.id,
        }));
      case 'exercise':
      case 'file':
      case 'broken':
        return [];
    }
  }

  getTreeItem(node: Node): TreeItem {
    const progress = this.progress.current;
    switch (node.kind) {
      case 'course': {
        const { entry } = node;
        const { course } = entry;
        const item = branch(
          course.title,
          'mortar-board',
          tally(progress, course),
          TreeItemCollapsibleState.Expanded,
          `course:${course.id}`,
          course.description,
        );
        item.contextValue = context('course', entry);
        const problems = entry.authored ? this.problems.below(entry.root) : 0;
        if (entry.broken) markBroken(item, course.title, entry.broken.why);
        else mark(item, problems);
        return item;
      }
      case 'section': {
        const { entry, detail } = node;
        const item = branch(
          detail.title,
          'folder',
          tally(progress, entry.course, detail.lessons),
          TreeItemCollapsibleState.Expanded,
          `section:${entry.course.id}/${detail.folder}`,
          '',
        );
        item.contextValue = context('section', entry);
        return item;
      }
      case 'lesson': {
        const { entry, detail } = node;
        const item = branch(
          detail.title,
          'book',
          lessonTally(progress, entry.course.id, detail),
          detail.outline.length > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
          `lesson:${entry.course.id}/${node.lesson}`,
          l10n.t('{0}, about {1} minutes', detail.kind, detail.minutes),
        );
        item.contextValue = context('lesson', entry);
        item.command = { command: 'pgLessons.openLesson', title: l10n.t('Open Lesson'), arguments: [node] };
        if (entry.authored) mark(item, this.problems.of(Uri.joinPath(entry.root, ...detail.path.split('/'))));
        return item;
      }
      case 'exercise':
        return this.exerciseItem(node);
      case 'file':
        return fileItem(node.uri, node.why, node.line);
      case 'broken':
        return brokenItem(node.broken);
    }
  }

  private exerciseItem(node: Node & { kind: 'exercise' }): TreeItem {
    const record = this.progress.current.exercises[progressKey(node)];
    const item = new TreeItem(node.detail.title);
    item.id = `exercise:${progressKey(node)}`;
    item.contextValue = context('exercise', node.entry);
    const status = isPassed(record) ? 'passed' : (record?.status ?? 'new');
    const [icon, word] = STATUS[status];
    item.iconPath = icon;
    item.description =
      status === 'passed' && record?.bought !== undefined ? record.bought : l10n.t('{0} points', node.detail.points);
    item.tooltip = `${node.detail.title}: ${word()}, ${l10n.t('{0} of {1} points', record?.points ?? 0, node.detail.points)}`;
    item.accessibilityInformation = { label: item.tooltip };
    item.command = { command: 'pgLessons.startExercise', title: l10n.t('Start Exercise'), arguments: [node] };
    return item;
  }
}

const STATUS = {
  new: [new ThemeIcon('circle-large-outline'), () => l10n.t('not started')],
  // half a disc, as in the reader's cards
  started: [new ThemeIcon('color-mode'), () => l10n.t('started')],
  failed: [new ThemeIcon('error', new ThemeColor('testing.iconFailed')), () => l10n.t('not yet passed')],
  passed: [new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed')), () => l10n.t('passed')],
} as const;

function branch(
  label: string,
  icon: string,
  count: Tally,
  state: TreeItemCollapsibleState,
  id: string,
  about: string,
): TreeItem {
  const item = new TreeItem(label, state);
  item.id = id;
  const done = count.total > 0 && count.passed === count.total;
  item.iconPath = done ? new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed')) : new ThemeIcon(icon);
  if (count.total > 0) item.description = `${count.passed}/${count.total}`;
  const progress = count.total > 0 ? l10n.t('{0} of {1} exercises passed', count.passed, count.total) : '';
  item.tooltip = [label, about, progress].filter((part) => part !== '').join('\n');
  item.accessibilityInformation = { label: [label, progress].filter((part) => part !== '').join(', ') };
  return item;
}

/** For when-clauses of menus: authors' commands stand on what is theirs. */
function context(kind: 'course' | 'section' | 'lesson' | 'exercise', { authored }: CourseEntry): string {
  return authored ? `${kind}.authored` : kind;
}

/** Behind the progress, "2 problems". */
function mark(item: TreeItem, problems: number): void {
  if (problems === 0) return;
  const words = problems === 1 ? l10n.t('1 problem') : l10n.t('{0} problems', problems);
  const { description, tooltip, accessibilityInformation } = item;
  item.description = typeof description === 'string' ? `${description} · ${words}` : words;
  if (typeof tooltip === 'string') item.tooltip = `${tooltip}\n${words}`;
  if (accessibilityInformation)
    item.accessibilityInformation = { label: `${accessibilityInformation.label}, ${words}` };
  item.iconPath = WARNING;
}

function markBroken(item: TreeItem, title: string, why: string): void {
  item.description = l10n.t('as it was: course.yaml has an error');
  item.tooltip = why;
  item.accessibilityInformation = { label: `${title}, ${why}` };
  item.iconPath = ERROR;
}

/** Files of a section that are not usable as lessons. */
function unusableFiles({ root, unusable, authored }: CourseEntry, { folder }: Section): Node[] {
  if (!authored) return [];
  return unusable
    .filter(({ path }) => path.slice(0, path.lastIndexOf('/')) === folder)
    .map(({ path, why, line }) => ({ kind: 'file', uri: Uri.joinPath(root, ...path.split('/')), why, line }));
}

function fileItem(uri: Uri, why: string, line: number): TreeItem {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const item = new TreeItem(name);
  item.id = `file:${uri.toString()}`;
  item.iconPath = ERROR;
  item.description = l10n.t('not a lesson yet');
  item.tooltip = why;
  item.accessibilityInformation = { label: `${name}, ${why}` };
  item.command = {
    command: 'vscode.open',
    title: l10n.t('Open'),
    arguments: [uri, { selection: { start: { line, character: 0 }, end: { line, character: 0 } } }],
  };
  return item;
}

function brokenItem({ root, broken }: BrokenCourse): TreeItem {
  const item = fileItem(Uri.joinPath(root, 'course.yaml'), broken.why, broken.line);
  item.id = `broken:${root.toString()}`;
  item.label = root.path.slice(root.path.lastIndexOf('/') + 1);
  item.description = broken.why;
  return item;
}

const WARNING = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
const ERROR = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
