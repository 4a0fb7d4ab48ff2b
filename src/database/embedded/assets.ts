import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../shared/errors';
import { Backend } from './backend';
import type { WorkerSetup } from './protocol';

/** `template.json`, written by scripts/pglite-template.mjs. */
export interface TemplateInfo {
  readonly pglite: string;
  /** `server_version_num` of the data directories it makes. */
  readonly serverVersion: number;
  /** Changes when the template is made another way. */
  readonly id: string;
}

/** The files beside the worker, and workers that run on them. `pglite.wasm` is compiled once. */
export class Assets {
  readonly #dir: string;
  readonly #stackMb: number;
  #module: Promise<WebAssembly.Module> | undefined;
  #info: Promise<TemplateInfo> | undefined;

  constructor(dir: string, stackMb: number) {
    this.#dir = dir;
    this.#stackMb = stackMb;
  }

  /** Compiles on V8's own threads: worth starting before the result is needed. */
  module(): Promise<WebAssembly.Module> {
    return (this.#module ??= this.#read('pglite.wasm').then((bytes) => WebAssembly.compile(bytes)));
  }

  info(): Promise<TemplateInfo> {
    return (this.#info ??= this.#read('template.json').then((bytes) => JSON.parse(bytes.toString()) as TemplateInfo));
  }

  /** @throws what `Backend.start` throws */
  async start(
    setup: Pick<WorkerSetup, 'dataDir' | 'fromTemplate' | 'parameters'>,
    signal?: AbortSignal,
  ): Promise<Backend> {
    const module = await this.module();
    return Backend.start(
      path.join(this.#dir, 'worker.mjs'),
      { ...setup, assetsDir: this.#dir, module },
      this.#stackMb,
      signal,
    );
  }

  async #read(name: string): Promise<Buffer<ArrayBuffer>> {
    try {
      return await readFile(path.join(this.#dir, name));
    } catch (cause) {
      throw new UserError(
        `The embedded PostgreSQL is incomplete: ${name} cannot be read.`,
        'Install the extension anew.',
        { cause },
      );
    }
  }
}
