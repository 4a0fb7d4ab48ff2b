import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { host } from '../../scripts/bundles.mjs';
import { tempDir } from '../../scripts/vscode/paths.mjs';
import type { Bench } from './bench';
import { kilobytes } from './figures';

/** Not to be evaluated before they are needed. PGlite lives in the worker's own bundle. */
const HEAVY = ['pg', '@electric-sql/pglite', 'markdown-it', 'zod', 'yaml', 'highlight.js', 'proper-lockfile'];

/** When a module of the host's bundle is evaluated. */
type When = 'load' | 'activate' | 'later';

/**
 * Which of the host's modules are evaluated by loading the bundle, which by activate(), and which only later.
 * esbuild wraps what is imported lazily in functions that evaluate it once; here each tells its name.
 */
export const modules: Bench = {
  name: 'modules',
  title: 'what is evaluated when the extension is loaded and activated, kB of the bundle before minifying',
  async run() {
    const { inputs, wrapped, text, importers } = await instrumented();
    const evaluated = await evaluate(text);
    const when = (file: string): When =>
      !wrapped.has(file) || evaluated.load.includes(file)
        ? 'load'
        : evaluated.activate.includes(file)
          ? 'activate'
          : 'later';

    const groups = new Map<string, Record<When, number>>();
    for (const [file, bytes] of inputs) {
      const group = groupOf(file);
      const sums = groups.get(group) ?? { load: 0, activate: 0, later: 0 };
      sums[when(file)] += bytes;
      groups.set(group, sums);
    }
    const total = ([, { load, activate, later }]: readonly [string, Record<When, number>]): number =>
      load + activate + later;
    const sorted = [...groups].sort((a, b) => total(b) - total(a));
    const early = HEAVY.filter((name) => (groups.get(name)?.load ?? 0) + (groups.get(name)?.activate ?? 0) > 0);
    const shown = sorted.filter((entry) => total(entry) >= 10_000 || HEAVY.includes(entry[0]));
    const cell = (bytes: number): string => (bytes === 0 ? '–' : kilobytes(bytes));
    const sum = (at: When): number => sorted.reduce((all, [, bytes]) => all + bytes[at], 0);
    return {
      columns: ['package or folder', 'at load', 'in activate()', 'later'],
      rows: [
        ...shown.map(([group, bytes]) => [group, cell(bytes.load), cell(bytes.activate), cell(bytes.later)]),
        ['all, smaller ones too', cell(sum('load')), cell(sum('activate')), cell(sum('later'))],
      ],
      notes: early.map((name) => `${name} is evaluated because of ${chain(name, importers).join(' ← ')}`),
      goals: [
        {
          what: 'evaluated before needed:',
          goal: 'none of pg, PGlite, markdown-it, zod, yaml, highlight.js',
          seen: early.length === 0 ? 'none' : early.join(', '),
          met: early.length === 0,
        },
      ],
      data: { groups: Object.fromEntries(sorted), early },
    };
  },
};

interface Instrumented {
  readonly text: string;
  /** Bytes in the bundle by input. */
  readonly inputs: Map<string, number>;
  /** Inputs that are evaluated on demand. */
  readonly wrapped: Set<string>;
  /** Who imports an input statically, nearest to the entry point. */
  readonly importers: Map<string, string | undefined>;
}

/** The same bundle as scripts/build.mjs makes, unminified. */
async function instrumented(): Promise<Instrumented> {
  const entry = 'src/extension.ts';
  const result = await build({
    ...host,
    minify: false,
    format: 'cjs',
    splitting: false,
    metafile: true,
    write: false,
  });
  const plain = result.outputFiles[0]?.text ?? '';
  let replaced = 0;
  const text = plain.replace(/\(0, (fn|cb)\[__getOwnPropNames\(\1\)\[0\]\]\)\(/g, (_, name: string) => {
    replaced++;
    return `(globalThis.evaluated.push(__getOwnPropNames(${name})[0]), ${name}[__getOwnPropNames(${name})[0]])(`;
  });
  // One for ES modules, one for CommonJS ones.
  if (replaced !== 2)
    throw new Error('esbuild writes its lazy modules in another way now: change the pattern in test/bench/modules.ts.');
  const outputs = Object.values(result.metafile.outputs)[0]?.inputs ?? {};
  const importers = new Map<string, string | undefined>([[entry, undefined]]);
  for (const file of importers.keys()) {
    for (const { path: imported, kind, external } of result.metafile.inputs[file]?.imports ?? []) {
      if (kind !== 'dynamic-import' && external !== true && !importers.has(imported)) importers.set(imported, file);
    }
  }
  return {
    text,
    inputs: new Map(Object.entries(outputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput])),
    wrapped: new Set([...plain.matchAll(/= __(?:esm|commonJS)\(\{\n {2}"([^"]+)"/g)].map((match) => match[1] ?? '')),
    importers,
  };
}

/** Answers anything with itself: enough for activate() to construct and to register what it will. */
const STUB = `
const stub = new Proxy(function () {}, {
  get: (_, name) => (name === 'workspaceFolders' || name === 'activeTextEditor' || name === 'then' ? undefined
    : name === Symbol.toPrimitive ? () => '' : name === Symbol.iterator ? [][Symbol.iterator].bind([]) : stub),
  set: (_, name, value, receiver) => receiver === stub || Reflect.defineProperty(receiver, name, { value, writable: true, configurable: true }),
  apply: () => stub,
  // Its own object, which keeps its fields; what is not its own comes from the prototype, the stub.
  construct: (_, args, target) => Reflect.construct(Object, [], target),
});
const Module = require('node:module');
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? stub : load(name, ...rest));
globalThis.evaluated = [];
process.on('unhandledRejection', () => {});
const extension = require(process.argv[2]);
const atLoad = evaluated.splice(0);
extension.activate(stub);
process.stdout.write(JSON.stringify({ load: atLoad, activate: evaluated }), () => process.exit());
`;

async function evaluate(bundle: string): Promise<{ load: string[]; activate: string[] }> {
  const temp = tempDir('pglb-');
  try {
    const [stub, file] = [path.join(temp.dir, 'stub.cjs'), path.join(temp.dir, 'extension.cjs')];
    await Promise.all([writeFile(stub, STUB), writeFile(file, bundle)]);
    const { stdout } = await promisify(execFile)(process.execPath, [stub, file]);
    return JSON.parse(stdout) as { load: string[]; activate: string[] };
  } finally {
    temp.remove();
  }
}

/** A package's name, or a folder of src. */
function groupOf(file: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  return inPackage ?? file.split('/').slice(0, 2).join('/');
}

/** From a package to the entry point, by static imports. */
function chain(name: string, importers: Instrumented['importers']): string[] {
  const files: string[] = [];
  for (
    let file = [...importers.keys()].find((each) => groupOf(each) === name);
    file !== undefined;
    file = importers.get(file)
  )
    files.push(file);
  return files.filter((file, at) => at === 0 || !file.includes('node_modules'));
}
