import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from 'vscode-textmate';

const root = path.join(__dirname, '../../..');
const require = createRequire(__filename);

const OURS = path.join(root, 'syntaxes/lesson-blocks.tmLanguage.json');

/** Where VS Code's own grammars lie; without it those of tm-grammars, which are made from them. */
const shipped = process.env['VSCODE_EXTENSIONS'];

function grammarFile(scope: string): string | undefined {
  if (scope === 'markdown.pg-lessons.injection') return OURS;
  const vscode: Readonly<Record<string, string>> = {
    'text.html.markdown': 'markdown-basics/syntaxes/markdown.tmLanguage.json',
    'source.sql': 'sql/syntaxes/sql.tmLanguage.json',
    'source.yaml': 'yaml/syntaxes/yaml.tmLanguage.json',
    'source.yaml.embedded': 'yaml/syntaxes/yaml-embedded.tmLanguage.json',
    'source.yaml.1.2': 'yaml/syntaxes/yaml-1.2.tmLanguage.json',
  };
  const own: Readonly<Record<string, string>> = {
    'text.html.markdown': require.resolve('tm-grammars/grammars/markdown.json'),
    'source.sql': require.resolve('tm-grammars/grammars/sql.json'),
    'source.yaml': require.resolve('tm-grammars/grammars/yaml.json'),
  };
  if (shipped !== undefined) return vscode[scope] === undefined ? undefined : path.join(shipped, vscode[scope]);
  return own[scope];
}

/** Markdown as VS Code colours it; with our injection or without. */
export async function markdownGrammar(injected: boolean): Promise<IGrammar> {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => createOnigScanner(sources),
      createOnigString: (text) => createOnigString(text),
    }),
    loadGrammar: (scope) => {
      const file = grammarFile(scope);
      return Promise.resolve(file === undefined ? null : parseRawGrammar(readFileSync(file, 'utf8'), file));
    },
    getInjections: (scope) =>
      injected && scope === 'text.html.markdown' ? ['markdown.pg-lessons.injection'] : undefined,
  });
  const grammar = await registry.loadGrammar('text.html.markdown');
  if (!grammar) throw new Error('There is no markdown grammar.');
  return grammar;
}

export interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

/** The tokens of each line. */
export function tokenize(grammar: IGrammar, text: string): Token[][] {
  let state = INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes }));
  });
}
