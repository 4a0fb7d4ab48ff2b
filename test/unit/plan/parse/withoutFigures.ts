/** What remains of a plan whose processes raced: each number 0, and the workers left out, which raced for the work. */
export function withoutFigures(value: unknown): unknown {
  if (typeof value === 'number') return 0;
  if (Array.isArray(value)) return value.map(withoutFigures);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'Workers');
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutFigures(part)]));
}
