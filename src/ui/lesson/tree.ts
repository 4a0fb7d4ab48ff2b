import {
  Disposable,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import { VIEWS } from '../../contributions';
import type { Exercise, Lesson, Section } from '../../course/lesson';
import { isPassed, lessonTally, progressKey, tally, type Tally } from '../../course/progress';
import type { ProgressStore } from '../exercise/progress';
import type { Courses, CourseEntry } from './courses';

/** Nodes carry the ids that commands take as their argument. */
type Node =
  | { readonly kind: 'course'; readonly entry: CourseEntry }
  | { readonly kind: 'section'; readonly entry: CourseEntry; readonly section: Section }
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
      readonly detail: Exercise;
      readonly course: string;
      readonly lesson: string;
      readonly exercise: string;
    };

/** Course → section → lesson → exercise, with progress on every level. */
export class LessonTree extends Disposable implements TreeDataProvider<Node> {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: TreeView<Node>;
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
      courses.onDidChange(() => this.changed.fire()),
      progress.onDidChange(() => this.changed.fire()),
    );
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return (await this.courses.all()).map((entry) => ({ kind: 'course', entry }));
    const { entry } = node;
    switch (node.kind) {
      case 'course':
        return entry.course.sections
          .filter((section) => section.lessons.length > 0)
          .map((section) => ({ kind: 'section', entry, section }));
      case 'section':
        return node.section.lessons.map((detail) => ({
          kind: 'lesson',
          entry,
          detail,
          course: entry.course.id,
          lesson: detail.id,
        }));
      case 'lesson':
        return node.detail.exercises.map((detail) => ({
          kind: 'exercise',
          entry,
          detail,
          course: node.course,
          lesson: node.lesson,
          exercise: detail.id,
        }));
      case 'exercise':
        return [];
    }
  }

  getTreeItem(node: Node): TreeItem {
    const { course } = node.entry;
    const progress = this.progress.current;
    switch (node.kind) {
      case 'course':
        return branch(
          course.title,
          'mortar-board',
          tally(progress, course),
          TreeItemCollapsibleState.Expanded,
          `course:${course.id}`,
          course.description,
        );
      case 'section':
        return branch(
          node.section.title,
          'folder',
          tally(progress, course, node.section.lessons),
          TreeItemCollapsibleState.Expanded,
          `section:${course.id}/${node.section.folder}`,
          '',
        );
      case 'lesson': {
        const count = lessonTally(progress, course.id, node.detail);
        const state =
          node.detail.exercises.length > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None;
        const item = branch(
          node.detail.title,
          'book',
          count,
          state,
          `lesson:${course.id}/${node.lesson}`,
          l10n.t('{0}, about {1} minutes', node.detail.kind, node.detail.minutes),
        );
        item.contextValue = 'lesson';
        item.command = { command: 'pgLessons.openLesson', title: l10n.t('Open Lesson'), arguments: [node] };
        return item;
      }
      case 'exercise':
        return this.exerciseItem(node);
    }
  }

  private exerciseItem(node: Node & { kind: 'exercise' }): TreeItem {
    const record = this.progress.current.exercises[progressKey(node)];
    const item = new TreeItem(node.detail.title);
    item.id = `exercise:${progressKey(node)}`;
    item.contextValue = 'exercise';
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
  started: [new ThemeIcon('play-circle'), () => l10n.t('started')],
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
