/**
 * Tidy trees of boxes that differ in size: A. van der Ploeg, "Drawing non-layered tidy trees in linear time" (2014).
 * Breadth is the axis along which siblings stand, depth the other; sizes include the gap to the next box.
 * Where the paper recurses, this goes through the nodes in an order that has the children first.
 */
export interface Tidy {
  /** Arranges the children of `node` beside each other; theirs must have been. Call it for leaves too. */
  gather(node: number): void;
  /** Positions along the breadth for all nodes below `root`, from 0 on, into `breadthAt`. */
  place(root: number): Extent;
  readonly breadthAt: Float64Array;
}

export interface Extent {
  readonly breadth: number;
  readonly depth: number;
}

export interface Boxes {
  readonly count: number;
  children(node: number): readonly number[];
  breadth(node: number): number;
  depth(node: number): number;
  /** Where it starts along the depth. */
  depthAt(node: number): number;
}

/** Where a left sibling's contour ends, lowest first in the paper's sense: the newest stands in front. */
interface Lowest {
  readonly end: number;
  readonly index: number;
  readonly next: Lowest | undefined;
}

const NONE = -1;

export function tidyTree(boxes: Boxes): Tidy {
  const { count } = boxes;
  const numbers = (): Float64Array => new Float64Array(count);
  const nodes = (): Int32Array => new Int32Array(count).fill(NONE);
  const [preliminary, mod, shift, change, leftMods, rightMods] = [
    numbers(),
    numbers(),
    numbers(),
    numbers(),
    numbers(),
    numbers(),
  ];
  const [leftThread, rightThread, leftEnd, rightEnd] = [nodes(), nodes(), nodes(), nodes()];
  const breadthAt = numbers();

  const at = (list: Float64Array | Int32Array, node: number): number => list[node] ?? 0;
  const add = (list: Float64Array, node: number, by: number): void => {
    list[node] = at(list, node) + by;
  };
  const endOf = (node: number): number => boxes.depthAt(node) + boxes.depth(node);
  const nextLeft = (node: number): number => boxes.children(node)[0] ?? at(leftThread, node);
  const nextRight = (node: number): number => boxes.children(node).at(-1) ?? at(rightThread, node);

  const move = (children: readonly number[], index: number, under: number, by: number): void => {
    const child = children[index] ?? NONE;
    add(mod, child, by);
    add(leftMods, child, by);
    add(rightMods, child, by);
    if (under === index - 1) return;
    // The siblings between them share the room.
    const share = by / (index - under);
    add(shift, children[under + 1] ?? NONE, share);
    add(shift, child, -share);
    add(change, child, share - by);
  };

  const separate = (children: readonly number[], index: number, from: Lowest): void => {
    const before = children[index - 1] ?? NONE;
    const child = children[index] ?? NONE;
    let lowest: Lowest | undefined = from;
    let right = before;
    let rightSum = at(mod, right);
    let left = child;
    let leftSum = at(mod, left);
    while (right !== NONE && left !== NONE) {
      while (lowest.next !== undefined && endOf(right) > lowest.end) lowest = lowest.next;
      const overlap = rightSum + at(preliminary, right) + boxes.breadth(right) - (leftSum + at(preliminary, left));
      if (overlap > 0) {
        leftSum += overlap;
        move(children, index, lowest.index, overlap);
      }
      const rightDepth = endOf(right);
      const leftDepth = endOf(left);
      if (rightDepth <= leftDepth) {
        right = nextRight(right);
        if (right !== NONE) rightSum += at(mod, right);
      }
      if (rightDepth >= leftDepth) {
        left = nextLeft(left);
        if (left !== NONE) leftSum += at(mod, left);
      }
    }
    const first = children[0] ?? NONE;
    if (right === NONE && left !== NONE) {
      const end = at(leftEnd, first);
      leftThread[end] = left;
      const difference = leftSum - at(mod, left) - at(leftMods, first);
      add(mod, end, difference);
      add(preliminary, end, -difference);
      leftEnd[first] = at(leftEnd, child);
      leftMods[first] = at(leftMods, child);
    } else if (right !== NONE && left === NONE) {
      const end = at(rightEnd, child);
      rightThread[end] = right;
      const difference = rightSum - at(mod, right) - at(rightMods, child);
      add(mod, end, difference);
      add(preliminary, end, -difference);
      rightEnd[child] = at(rightEnd, before);
      rightMods[child] = at(rightMods, before);
    }
  };

  return {
    breadthAt,

    gather(node) {
      const children = boxes.children(node);
      const first = children[0];
      const last = children.at(-1);
      if (first === undefined || last === undefined) {
        leftEnd[node] = node;
        rightEnd[node] = node;
        return;
      }
      let lowest: Lowest = { end: endOf(at(leftEnd, first)), index: 0, next: undefined };
      for (let index = 1; index < children.length; index++) {
        const end = endOf(at(rightEnd, children[index] ?? NONE));
        separate(children, index, lowest);
        let next: Lowest | undefined = lowest;
        while (next !== undefined && end >= next.end) next = next.next;
        lowest = { end, index, next };
      }
      const from = at(preliminary, first) + at(mod, first);
      const to = at(preliminary, last) + at(mod, last) + boxes.breadth(last);
      preliminary[node] = (from + to - boxes.breadth(node)) / 2;
      leftEnd[node] = at(leftEnd, first);
      leftMods[node] = at(leftMods, first);
      rightEnd[node] = at(rightEnd, last);
      rightMods[node] = at(rightMods, last);
    },

    place(root) {
      const below = [root];
      const sums = [0];
      const placed: number[] = [];
      let least = Infinity;
      for (let node = below.pop(); node !== undefined; node = below.pop()) {
        const sum = (sums.pop() ?? 0) + at(mod, node);
        const position = at(preliminary, node) + sum;
        breadthAt[node] = position;
        if (position < least) least = position;
        placed.push(node);
        let step = 0;
        let delta = 0;
        for (const child of boxes.children(node)) {
          step += at(shift, child);
          delta += step + at(change, child);
          add(mod, child, delta);
          below.push(child);
          sums.push(sum);
        }
      }
      let breadth = 0;
      let depth = 0;
      for (const node of placed) {
        add(breadthAt, node, -least);
        breadth = Math.max(breadth, at(breadthAt, node) + boxes.breadth(node));
        depth = Math.max(depth, endOf(node));
      }
      return { breadth, depth };
    },
  };
}
