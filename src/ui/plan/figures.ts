/** Larger texts (UTF-16 units) are read by the page alone. */
const LARGEST = 2_000_000;

/** "12.3 ms, 2,942 buffers" for a list of plans; `undefined` for what has neither, or is no plan. */
export async function figuresOf(text: string): Promise<string | undefined> {
  if (text.length > LARGEST) return undefined;
  const [{ readPlan }, { rootBuffers }, { formatBuffers, formatCount, formatMs }] = await Promise.all([
    import('../../plan/read'),
    import('../../plan/find'),
    import('../../plan/words'),
  ]);
  try {
    const plan = readPlan(text);
    const buffers = plan.analyzed ? rootBuffers(plan) : undefined;
    const cost = plan.analyzed ? undefined : plan.nodes[0]?.totalCost;
    const words = [
      plan.executionMs === undefined ? undefined : formatMs(plan.executionMs),
      buffers === undefined ? undefined : formatBuffers(buffers),
      cost === undefined ? undefined : `cost ${formatCount(cost)}`,
    ].filter((word) => word !== undefined);
    return words.length === 0 ? undefined : words.join(', ');
  } catch {
    return undefined;
  }
}
