import { buffersOf } from './buffers';
import { extrasOf, oneLine } from './details';
import type { Jit, Plan, PlanNode, Serialization, Trigger } from './model';
import { asFigure, isList, isProperties, asText, type RawProperties, type RawValue } from './raw';
import { isCte } from './tree';

/** Step 7: what EXPLAIN prints beside the node tree. Of these times, only JIT's is part of the nodes'. */
export function besideOf(sections: RawProperties, nodes: readonly PlanNode[]): Omit<Plan, 'nodes' | 'format'> {
  const executionMs = asFigure(sections['Execution Time']) ?? asFigure(sections['Total Runtime']);
  const planning = sections['Planning'];
  const settings = sections['Settings'];
  const queryId = sections['Query Identifier'];
  return {
    planningMs: asFigure(sections['Planning Time']),
    executionMs,
    spanMs: executionMs ?? longest(nodes),
    planningBuffers: isProperties(planning) ? buffersOf(planning) : undefined,
    planningMemory: isProperties(planning) ? memoryOf(planning) : undefined,
    triggers: triggersOf(sections['Triggers']),
    jit: jitOf(sections['JIT']),
    serialization: serializationOf(sections['Serialization']),
    query: asText(sections['Query Text']),
    queryId: typeof queryId === 'string' || typeof queryId === 'number' ? `${queryId}` : undefined,
    analyzed: nodes.some((node) => node.loops !== undefined),
    settings: isProperties(settings)
      ? Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, oneLine(value)]))
      : {},
    extras: extrasOf(sections),
  };
}

/** The root's time, or that of a data-modifying CTE, which runs on after it. */
function longest(nodes: readonly PlanNode[]): number | undefined {
  const root = nodes[0];
  let ms = root?.inclusiveMs;
  if (ms === undefined) return undefined;
  for (const id of root?.children ?? []) {
    const child = nodes[id];
    if (child?.inclusiveMs !== undefined && child.inclusiveMs > ms && isCte(child)) ms = child.inclusiveMs;
  }
  return ms;
}

const KB = 1024;

/** 17: in kB. */
function memoryOf(planning: RawProperties): Plan['planningMemory'] {
  const used = asFigure(planning['Memory Used']);
  const allocated = asFigure(planning['Memory Allocated']);
  if (used === undefined || allocated === undefined) return undefined;
  return { usedBytes: used * KB, allocatedBytes: allocated * KB };
}

function triggersOf(triggers: RawValue | undefined): readonly Trigger[] {
  if (!isList(triggers)) return [];
  return triggers.filter(isProperties).map((trigger) => ({
    name: asText(trigger['Trigger Name']),
    constraint: asText(trigger['Constraint Name']),
    relation: asText(trigger['Relation']),
    ms: asFigure(trigger['Time']),
    calls: asFigure(trigger['Calls']),
  }));
}

/** Without times where TIMING is off. Generation is a figure to 16, and a group of "Deform" and "Total" from 17 on. */
function jitOf(jit: RawValue | undefined): Jit | undefined {
  if (!isProperties(jit)) return undefined;
  const timing = jit['Timing'];
  const times: RawProperties = isProperties(timing) ? timing : {};
  const generation = times['Generation'];
  const parts = isProperties(generation) ? generation : undefined;
  return {
    functions: asFigure(jit['Functions']),
    totalMs: asFigure(times['Total']),
    generationMs: parts === undefined ? asFigure(times['Generation']) : asFigure(parts['Total']),
    deformMs: parts === undefined ? undefined : asFigure(parts['Deform']),
    inliningMs: asFigure(times['Inlining']),
    optimizationMs: asFigure(times['Optimization']),
    emissionMs: asFigure(times['Emission']),
  };
}

/** 17: "Output Volume" in kB. */
function serializationOf(serialization: RawValue | undefined): Serialization | undefined {
  if (!isProperties(serialization)) return undefined;
  const volume = asFigure(serialization['Output Volume']);
  return {
    ms: asFigure(serialization['Time']),
    outputBytes: volume === undefined ? undefined : volume * KB,
    buffers: buffersOf(serialization),
  };
}
