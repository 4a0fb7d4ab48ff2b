import type { Properties } from './draft';
import { after, nextFigure, scannerAt } from './scan';

/** Lines of "name=number" words: Buffers, I/O Timings, WAL and their like, which FORMAT JSON prints one by one. */

/** Before 15 and in 15 and 16, which tell temp apart; from 17 on. */
const TIMES = {
  old: ['I/O Read Time', 'I/O Write Time'],
  scoped: [...['Shared', 'Local', 'Temp'].flatMap((scope) => [`${scope} I/O Read Time`, `${scope} I/O Write Time`])],
} as const;

const SCOPE_OR_COUNT = /(shared\/local|shared|local|temp)(?![\w=])|([A-Za-z-]+)=(-?[\d.]+)/g;

/** "shared hit=12 read=3, temp read=4" */
export function putBuffers(properties: Properties, value: string): void {
  putNoBuffers(properties);
  forEachCount(value, (scope, what, count) => {
    const name = SCOPES.find(({ word }) => word === scope)?.counters.find(({ word }) => word === ` ${what}=`)?.name;
    if (name !== undefined) properties[name] = count;
  });
}

/**
 * The same, where it stands in the text.
 * @returns false where `putBuffers` must look: it isn't as EXPLAIN prints it, but cut or padded
 */
export function putBuffersAt(properties: Properties, text: string, from: number, to: number): boolean {
  putNoBuffers(properties);
  const scanner = scannerAt(text, from);
  for (;;) {
    const scope = wordAt(SCOPES, text, scanner.at);
    if (scope === undefined) return false;
    scanner.at += scope.word.length;
    do {
      const counter = wordAt(scope.counters, text, scanner.at);
      if (counter === undefined) return false;
      properties[counter.name] = nextFigure(scanner, counter.word.length);
      if (!scanner.exact || scanner.decimals > 0) return false;
    } while (text.charCodeAt(scanner.at) === 0x20 && scanner.at < to);
    if (scanner.at === to) return true;
    scanner.at = after(text, scanner.at, ', ');
    if (scanner.at === -1) return false;
  }
}

const SCOPES = ['Shared', 'Local', 'Temp'].map((scope) => ({
  word: scope.toLowerCase(),
  counters: ['Hit', 'Read', 'Dirtied', 'Written'].map((what) => ({
    word: ` ${what.toLowerCase()}=`,
    name: `${scope} ${what} Blocks`,
  })),
}));

function wordAt<Word extends { readonly word: string }>(
  words: readonly Word[],
  text: string,
  at: number,
): Word | undefined {
  for (const word of words) if (after(text, at, word.word) !== -1) return word;
  return undefined;
}

/** The text form leaves out what is 0, FORMAT JSON doesn't. Name by name: a loop over them is four times as slow. */
export function putNoBuffers(properties: Properties): void {
  properties['Shared Hit Blocks'] = 0;
  properties['Shared Read Blocks'] = 0;
  properties['Shared Dirtied Blocks'] = 0;
  properties['Shared Written Blocks'] = 0;
  properties['Local Hit Blocks'] = 0;
  properties['Local Read Blocks'] = 0;
  properties['Local Dirtied Blocks'] = 0;
  properties['Local Written Blocks'] = 0;
  properties['Temp Read Blocks'] = 0;
  properties['Temp Written Blocks'] = 0;
}

/** Which names a plan's I/O Timings have: "read=1" (14), "shared/local read=1" (15, 16), "shared read=1" (17). */
export type TimingNames = 'old' | 'shared/local' | 'scoped' | 'temp';

/**
 * "shared read=16.962 write=0.018, temp read=2"
 * @returns its names; "temp" alone doesn't tell 15 from 17
 */
export function putTimings(properties: Properties, value: string): TimingNames {
  let names: TimingNames = 'temp';
  forEachCount(value, (scope, what, ms) => {
    if (what !== 'read' && what !== 'write') return;
    const direction = what === 'read' ? 'Read' : 'Write';
    if (scope === 'temp') properties[`Temp I/O ${direction} Time`] = ms;
    else if (scope === '' || scope === 'shared/local') {
      names = scope === '' ? 'old' : 'shared/local';
      properties[`I/O ${direction} Time`] = ms;
    } else {
      names = 'scoped';
      properties[`${scope === 'shared' ? 'Shared' : 'Local'} I/O ${direction} Time`] = ms;
    }
  });
  return names;
}

/** What FORMAT JSON would print beside: 0. */
export function putNoTimings(properties: Properties, names: TimingNames): void {
  const all = names === 'scoped' ? TIMES.scoped : names === 'temp' ? [] : TIMES.old;
  for (const name of all) properties[name] ??= 0;
  if (names === 'temp' || names === 'shared/local') {
    properties['Temp I/O Read Time'] ??= 0;
    properties['Temp I/O Write Time'] ??= 0;
  }
}

/** "records=3 fpi=1 bytes=245 buffers full=2" */
export function putWal(properties: Properties, value: string): void {
  putNoWal(properties);
  putCounts(properties, value, WAL);
}

export function putNoWal(properties: Properties): void {
  properties['WAL Records'] = 0;
  properties['WAL FPI'] = 0;
  properties['WAL Bytes'] = 0;
}

const WAL = { records: 'WAL Records', fpi: 'WAL FPI', bytes: 'WAL Bytes', full: 'WAL Buffers Full' };

/** @param names of the JSON form */
export function putCounts(properties: Properties, value: string, names: Readonly<Record<string, string>>): void {
  forEachCount(value, (_scope, what, count) => {
    const name = Object.hasOwn(names, what) ? names[what] : undefined;
    if (name !== undefined) properties[name] = count;
  });
}

function forEachCount(value: string, use: (scope: string, what: string, count: number) => void): void {
  let scope = '';
  SCOPE_OR_COUNT.lastIndex = 0;
  for (let match = SCOPE_OR_COUNT.exec(value); match !== null; match = SCOPE_OR_COUNT.exec(value)) {
    if (match[1] !== undefined) scope = match[1];
    else if (match[2] !== undefined) {
      const count = Number(match[3]);
      if (Number.isFinite(count)) use(scope, match[2], count);
    }
  }
}
