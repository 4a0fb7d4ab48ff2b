import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/** Import walls: which folder may import what, and where the code belongs otherwise. ARCHITECTURE.md has the picture. */
const node = ['node:.*', ...builtinModules];
const vscode = ['vscode'];
const engines = ['pg(/.*)?', 'pg-.*', 'pgpass(/.*)?', '@electric-sql/.*', 'proper-lockfile'];
const toolkit = ['@vscode/webview-ui-toolkit(/.*)?'];
const dom = ['preact(/.*)?', ...toolkit];

/** @param {string[]} folders of src/ @param {string[]} modules regular expressions for whole names @param {string} message */
const wall = (folders, modules, message) => [
  ...(modules.length > 0 ? [{ regex: `^(?:${modules.join('|')})$`, message }] : []),
  ...(folders.length > 0 ? [{ group: folders.flatMap((folder) => [`**/${folder}`, `**/${folder}/**`]), message }] : []),
];

const pure = 'Pure folders run in a browser, in the command line and in tests: pass what you need as an argument. ';
const walls = {
  'src/sql': wall(
    ['course', 'check', 'plan', 'database', 'ui', 'webview', 'cli'],
    [...node, ...vscode, ...engines, ...dom],
    `${pure}sql/ knows statements and sessions and nothing above them.`,
  ),
  'src/plan': wall(
    ['course', 'check', 'database', 'ui', 'webview', 'cli'],
    [...node, ...vscode, ...engines, ...dom],
    `${pure}plan/ knows plans and nothing else.`,
  ),
  'src/course': wall(
    ['check', 'database', 'ui', 'webview', 'cli'],
    [...node, ...vscode, ...engines, ...dom],
    `${pure}course/ knows lessons; how an exercise is judged belongs in check/.`,
  ),
  'src/check': wall(
    ['database', 'ui', 'webview', 'cli'],
    [...node, ...vscode, ...engines, ...dom],
    `${pure}check/ knows a database as sql/session.ts's Session only.`,
  ),
  'src/shared': wall(
    ['database', 'ui', 'webview', 'cli', 'course', 'check'],
    [...node, ...vscode, ...engines, ...dom],
    'shared/ is bundled into the host and into the pages: types of sql/ and plan/, and nothing that runs on one side only.',
  ),
  'src/verify': wall(
    ['ui', 'webview', 'cli'],
    [...node, ...vscode, ...engines, ...dom],
    `${pure}verify/ proves courses on whatever engine it is given; what prints or shows belongs in cli/ or ui/.`,
  ),
  'src/parser': wall(
    ['course', 'check', 'plan', 'database', 'ui', 'webview', 'cli', 'verify'],
    [...node, ...vscode, ...engines, ...dom],
    'parser/ turns SQL into what sql/parsed.ts says; who loads it reads the WASM file and passes its bytes.',
  ),
  'src/database': wall(
    ['ui', 'webview', 'cli', 'course', 'check', 'plan', 'verify'],
    [...vscode, ...dom],
    'database/ runs without VS Code, in the command line too: what shows something belongs in ui/.',
  ),
  'src/ui': wall(
    ['cli'],
    [...dom, ...engines],
    'ui/ is VS Code only: pages belong in webview/, engines are reached through database/.',
  ),
  'src/webview': wall(
    ['ui', 'database', 'cli', 'course', 'check', 'verify'],
    [...node, ...vscode, ...engines],
    'Pages know shared/protocol.ts, plan/ and the DOM: ask the host for anything else through the channel.',
  ),
  'src/cli': wall(
    ['ui', 'webview'],
    [...vscode, ...dom],
    'cli/ runs without VS Code: what it needs from ui/ belongs in a pure folder.',
  ),
};

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', '.cache/**', 'node_modules/**'] },
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}', 'scripts/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.pure.json', 'tsconfig.json', 'tsconfig.webview.json', 'tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // tsconfig's noPropertyAccessFromIndexSignature asks for the brackets
      '@typescript-eslint/dot-notation': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  ...Object.entries(walls).map(([folder, patterns]) => ({
    files: [`${folder}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  })),
  {
    // the archived toolkit is wrapped in one place
    files: ['src/webview/**/*.{ts,tsx}'],
    ignores: ['src/webview/kit/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...walls['src/webview'],
            {
              regex: `^(?:${toolkit.join('|')})$`,
              message: 'webview/kit wraps the toolkit, which is archived upstream: import the control from there.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      // mocha's describe and it take async functions
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
