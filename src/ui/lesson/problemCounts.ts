import { Disposable, EventEmitter, languages, type Uri } from 'vscode';

/** As the problems of lessons say in the Problems panel where they come from. */
const SOURCE = 'Postgres Lessons';

/** How many of our problems each file has now, as the Problems panel shows them. */
export class ProblemCounts extends Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private counts: ReadonlyMap<string, number> = countAll();
  private timer: NodeJS.Timeout | undefined;
  private readonly subscription: Disposable;

  constructor() {
    super(() => {
      clearTimeout(this.timer);
      this.subscription.dispose();
      this.changed.dispose();
    });
    // fires at each key while a lesson is written
    this.subscription = languages.onDidChangeDiagnostics(() => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.count(), 200);
    });
  }

  of(uri: Uri): number {
    return this.counts.get(uri.toString()) ?? 0;
  }

  below(folder: Uri): number {
    const prefix = `${folder.toString()}/`;
    return [...this.counts].reduce((sum, [uri, count]) => sum + (uri.startsWith(prefix) ? count : 0), 0);
  }

  private count(): void {
    const counts = countAll();
    const same =
      counts.size === this.counts.size && [...counts].every(([uri, count]) => this.counts.get(uri) === count);
    this.counts = counts;
    if (!same) this.changed.fire();
  }
}

function countAll(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [uri, diagnostics] of languages.getDiagnostics()) {
    const ours = diagnostics.filter(({ source }) => source?.startsWith(SOURCE) === true).length;
    if (ours > 0) counts.set(uri.toString(), (counts.get(uri.toString()) ?? 0) + ours);
  }
  return counts;
}
