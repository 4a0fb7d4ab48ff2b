// @ts-expect-error -- the package's generated module; only its wrapper has types
import createModule from 'libpg-query/wasm/libpg-query.js';
import type { ParsedSql, SqlParser } from '../sql/parsed';
import { readTree, type Tree } from './readTree';

/** Longer texts are not parsed: the tree of one takes some hundred times its size. */
const MOST_CHARACTERS = 2_000_000;

/** What the WASM module has; its package's own wrapper starts it when it is imported, and finds its file by __dirname. */
interface Module {
  _malloc(size: number): number;
  _free(pointer: number): void;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, size: number): void;
  UTF8ToString(pointer: number): string;
  getValue(pointer: number, type: 'i32'): number;
  _wasm_parse_query_raw(pointer: number): number;
  _wasm_free_parse_result(pointer: number): void;
}

interface Options {
  /** Emscripten's hook: makes the instance and hands it over. */
  instantiateWasm(imports: object, done: (instance: object) => void): object;
}

/** Node has it as browsers have; its types come with the DOM's, which pure folders are without. */
const { WebAssembly: webAssembly } = globalThis as unknown as {
  WebAssembly: { instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: object }> };
};

/**
 * PostgreSQL 18's own parser, compiled to WASM (libpg_query).
 * @param wasm the content of libpg-query.wasm: dist/libpg-query.wasm, or that of the package
 */
export async function loadSqlParser(wasm: Uint8Array): Promise<SqlParser> {
  const start = createModule as unknown as (options: Options) => Promise<Module>;
  const module = await new Promise<Module>((resolve, reject) => {
    start({
      // its other ways all look for a file beside the script
      instantiateWasm: (imports, done) => {
        webAssembly.instantiate(wasm, imports).then(({ instance }) => done(instance), reject);
        return {};
      },
    }).then(resolve, reject);
  });
  return (sql) => {
    if (sql.trim() === '' || sql.length > MOST_CHARACTERS) return { statements: [] };
    try {
      return parse(module, sql);
    } catch {
      // nested deeper than the stack: the database will say so
      return { statements: [] };
    }
  };
}

function parse(module: Module, sql: string): ParsedSql {
  const size = module.lengthBytesUTF8(sql) + 1;
  const text = module._malloc(size);
  let result = 0;
  try {
    module.stringToUTF8(sql, text, size);
    result = module._wasm_parse_query_raw(text);
    if (!result) return { statements: [] };
    // PgQueryParseResult: parse_tree, stderr_buffer, error; PgQueryError: message, funcname, filename, lineno, cursorpos
    const error = module.getValue(result + 8, 'i32');
    if (error) {
      const message = module.UTF8ToString(module.getValue(error, 'i32'));
      const position = module.getValue(error + 16, 'i32');
      return { error: { message, offset: offsetOfCharacter(sql, position - 1) }, statements: [] };
    }
    const tree = module.UTF8ToString(module.getValue(result, 'i32'));
    return { statements: readTree(JSON.parse(tree) as Tree, byteOffsets(sql, size - 1)) };
  } finally {
    module._free(text);
    if (result) module._wasm_free_parse_result(result);
  }
}

/** Errors count characters (code points), the tree counts bytes; this project counts UTF-16 units. */
function offsetOfCharacter(sql: string, characters: number): number {
  let at = 0;
  for (let left = characters; left > 0 && at < sql.length; left--) at += (sql.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

function byteOffsets(sql: string, bytes: number): (byte: number) => number {
  if (bytes === sql.length) return (byte) => byte;
  const offsets = new Uint32Array(bytes + 1);
  let byte = 0;
  for (let at = 0; at < sql.length;) {
    const code = sql.codePointAt(at) ?? 0;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    offsets.fill(at, byte, byte + length);
    byte += length;
    at += code > 0xffff ? 2 : 1;
  }
  offsets.fill(sql.length, Math.min(byte, bytes), bytes + 1);
  return (each) => offsets[Math.max(0, Math.min(each, bytes))] ?? sql.length;
}
