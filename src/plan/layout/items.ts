import type { Alike } from '../alike';
import type { Plan } from '../model';

/** What a drawn plan consists of: its nodes, with groups of alike children as one thing each. */
export interface Item {
  /** Place in the list, which is in pre-order. */
  readonly index: number;
  /**
   * `group`: alike siblings and all below them in one box. `frame`: an open group; its members follow as items of their own.
   */
  readonly kind: 'node' | 'group' | 'frame';
  /** Node id; of a group or frame its first member's. */
  readonly node: number;
  /** Node ids; empty for a node. */
  readonly members: readonly number[];
  /** The item of the plan's parent node, also for what stands in a frame. −1 for the root. */
  readonly parent: number;
  /** The innermost frame that it stands in, or −1. */
  readonly frame: number;
  /** It is the topmost of its member within the frame. */
  readonly isMember: boolean;
  /** Indexes of the items below: nodes, groups and frames. A frame's are its members. */
  readonly children: readonly number[];
}

export interface Items {
  readonly list: readonly Item[];
  /** By node id: the index of the item that shows it, which may be a group's. */
  readonly shownBy: Int32Array;
}

interface Building extends Item {
  readonly children: number[];
}

/** Linear, without recursion: plans are of any size and depth. */
export function itemsOf(plan: Plan, alike: ReadonlyMap<number, Alike>, open: ReadonlySet<number>): Items {
  const { nodes } = plan;
  const grouped = new Set<number>();
  for (const { members } of alike.values()) for (const member of members) grouped.add(member);
  const list: Building[] = [];
  const shownBy = new Int32Array(nodes.length).fill(-1);
  /** What is still to be visited; the top is next. */
  const waiting: { node: number; parent: number; frame: number; isMember: boolean }[] = [];
  if (nodes.length > 0) waiting.push({ node: 0, parent: -1, frame: -1, isMember: false });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent, frame, isMember } = next;
    const group = isMember ? undefined : alike.get(node);
    const index = list.length;
    // What a frame holds hangs on it; what hangs on a member hangs on that.
    list[isMember ? frame : parent]?.children.push(index);
    if (group !== undefined) {
      const isOpen = open.has(node);
      list.push({
        ...{ index, kind: isOpen ? 'frame' : 'group', node, members: group.members, parent, frame },
        ...{ isMember: false, children: [] },
      });
      for (let place = group.members.length - 1; place >= 0; place--) {
        const member = group.members[place] ?? node;
        if (isOpen) waiting.push({ node: member, parent, frame: index, isMember: true });
        else shownBy[member] = index;
      }
      continue;
    }
    list.push({ index, kind: 'node', node, members: [], parent, frame, isMember, children: [] });
    shownBy[node] = index;
    const { children } = nodes[node] ?? { children: [] };
    for (let place = children.length - 1; place >= 0; place--) {
      const child = children[place] ?? 0;
      // The group stands where its first member does.
      if (!grouped.has(child) || alike.has(child)) {
        waiting.push({ node: child, parent: index, frame, isMember: false });
      }
    }
  }
  for (const { id, parent } of nodes) if (shownBy[id] === -1) shownBy[id] = shownBy[parent ?? 0] ?? 0;
  return { list, shownBy };
}
