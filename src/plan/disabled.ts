import type { Draft } from './draft';

/** To 17, an enable_… setting that is off adds this to the startup cost (costsize.c, disable_cost). */
const DISABLE_COST = 1e10;

/**
 * Step 6: nodes of a kind that a setting switched off, where nothing else could be done. 18 says so ("Disabled"); before, the
 * startup cost has 1e10 that the children's costs do not explain.
 */
export function setDisabled(drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    const { startupCost, properties, children } = draft;
    const told = properties['Disabled'];
    if (typeof told === 'boolean') {
      draft.disabled = told;
      continue;
    }
    if (startupCost === undefined || startupCost < DISABLE_COST) continue;
    let own = startupCost;
    for (const id of children) own -= drafts[id]?.totalCost ?? 0;
    draft.disabled = own >= DISABLE_COST * 0.99;
  }
}
