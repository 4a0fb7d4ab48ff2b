/**
 * Does tasks, some at a time, and gives what they return in their own order. When one fails, no other is begun, and
 * those under way are waited for.
 */
export async function* inOrder<T>(tasks: readonly (() => Promise<T>)[], jobs: number): AsyncGenerator<T> {
  const results: Promise<T>[] = [];
  let stopped = false;
  const begin = (): void => {
    const task = tasks[results.length];
    if (!task || stopped) return;
    const result = task();
    results.push(result);
    result.then(begin, () => (stopped = true));
  };
  for (let job = 0; job < jobs; job++) begin();
  try {
    for (let index = 0; index < tasks.length; index++) {
      const result = results[index];
      if (!result) throw await firstFailure(results);
      yield await result;
    }
  } finally {
    stopped = true;
    await Promise.allSettled(results);
  }
}

/** Why a task was never begun. */
async function firstFailure(results: readonly Promise<unknown>[]): Promise<unknown> {
  for (const settled of await Promise.allSettled(results)) if (settled.status === 'rejected') return settled.reason;
  return new Error('A task was not begun.');
}
