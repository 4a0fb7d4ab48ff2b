import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IGrammar } from 'vscode-textmate';
import { markdownGrammar, tokenize, type Token } from './tokens';

const root = path.join(__dirname, '../../..');

describe('syntaxes: blocks with a role', () => {
  let grammar: IGrammar;
  let plain: IGrammar;

  before(async () => {
    [grammar, plain] = await Promise.all([markdownGrammar(true), markdownGrammar(false)]);
  });

  /** The token at the end of a text's first place. */
  function token(source: string, text: string): Token {
    const lines = tokenize(grammar, source);
    const line = source.split('\n').findIndex((each) => each.includes(text));
    assert.ok(line >= 0, `there is no ${text}`);
    let left = (source.split('\n')[line] ?? '').indexOf(text) + text.length;
    const found = lines[line]?.find((each) => (left -= each.text.length) <= 0);
    assert.ok(found, `no token has ${text}`);
    return found;
  }
  const has = (source: string, text: string, ...scopes: string[]): void => {
    const found = token(source, text);
    for (const scope of scopes)
      assert.ok(
        found.scopes.some((each) => each === scope || each.startsWith(`${scope}.`)),
        `${text}: ${found.scopes.join(' ')} has no ${scope}`,
      );
  };
  const lacks = (source: string, text: string, scope: string): void => {
    const found = token(source, text);
    assert.ok(!found.scopes.some((each) => each.startsWith(scope)), `${text}: ${found.scopes.join(' ')}`);
  };

  for (const role of ['run', 'starter', 'solution', 'wrong "Not this: it sorts."', 'alternative "a covering index"'])
    it(`sql ${role}`, () => {
      const source = `Text.\n\n\`\`\`sql ${role}\nSELECT 'a' FROM t; -- remark\n\`\`\`\n\nAfter *all*.`;
      const [word = '', label] = role.split(/ (?=")/);
      has(source, word, 'keyword.other.role.pg-lessons');
      if (label !== undefined) has(source, label, 'string.quoted.double.pg-lessons');
      has(source, 'sql', 'fenced_code.block.language.markdown');
      has(source, 'SELECT', 'meta.embedded.block.sql', 'keyword');
      has(source, 'remark', 'comment.line');
      has(source, 'all', 'markup.italic');
      lacks(source, 'After', 'markup.fenced_code');
    });

  it('yaml exercise', () => {
    const source = '```yaml exercise\nid: find-it # why\nexpect:\n  - data: unchanged\n```\nAfter.';
    has(source, 'exercise', 'keyword.other.role.pg-lessons');
    has(source, 'expect', 'meta.embedded.block.yaml', 'entity.name.tag.yaml');
    has(source, ' why', 'comment.line.number-sign.yaml');
    lacks(source, 'After', 'markup.fenced_code');
  });

  it('md hint, with a fence in it', () => {
    const source = '````md hint\nLook *there*.\n```sql run\nSELECT 1;\n```\n````\nAfter.';
    has(source, 'hint', 'keyword.other.role.pg-lessons');
    has(source, 'there', 'meta.embedded.block.markdown', 'markup.italic');
    has(source, 'SELECT', 'meta.embedded.block.sql');
    lacks(source, 'After', 'markup.fenced_code');
  });

  it('text output, with masks', () => {
    const source = '```text output masking times, memory\nSort … 3\n```\nAfter.';
    has(source, 'output', 'keyword.other.role.pg-lessons');
    has(source, 'masking', 'keyword.other.masking.pg-lessons');
    has(source, 'memory', 'support.constant.mask.pg-lessons');
    const versions = '```text output on 16-18 masking times\n```';
    has(versions, 'on', 'keyword.other.versions.pg-lessons');
    has(versions, '16-18', 'constant.numeric.versions.pg-lessons');
    has(source, '…', 'constant.other.placeholder.pg-lessons');
    lacks(source, 'After', 'markup.fenced_code');
  });

  it('closes with ~~~ and with longer fences', () => {
    for (const [open, close] of [
      ['~~~', '~~~'],
      ['~~~', '~~~~'],
      ['```', '`````'],
      ['````', '````'],
    ]) {
      const source = `${open ?? ''}sql run\nSELECT 1;\n${close ?? ''}\nAfter.`;
      has(source, 'SELECT', 'meta.embedded.block.sql');
      has(source, 'run', 'keyword.other.role.pg-lessons');
      lacks(source, 'After', 'markup.fenced_code');
    }
  });

  describe('query: in an exercise', () => {
    const exercise = (yaml: string): string => `\`\`\`yaml exercise\n${yaml}\n\`\`\`\nAfter.`;
    const sql = (yaml: string, ...words: string[]): void => {
      for (const word of words) has(exercise(yaml), word, 'meta.embedded.block.sql');
      lacks(exercise(yaml), 'After', 'meta.embedded');
    };
    const yaml = (text: string, ...keys: string[]): void => {
      for (const key of keys) {
        has(exercise(text), key, 'entity.name.tag.yaml');
        lacks(exercise(text), key, 'meta.embedded.block.sql');
      }
    };

    it('on its line', () => {
      const text = "plan:\n  query: SELECT 'it' FROM t # why\n  generic: true";
      sql(text, 'SELECT', 'FROM');
      yaml(text, 'query', 'generic');
      has(exercise(text), '# why', 'comment.line.number-sign.yaml');
    });

    it('on several lines', () => {
      const text = '- plan:\n    query: SELECT 1\n      FROM t\n    uses: [Sort]';
      sql(text, 'SELECT', 'FROM');
      yaml(text, 'query', 'uses');
    });

    it('as a block', () => {
      for (const mark of ['>-', '|', '|+', '>']) {
        const text = `- plan:\n    query: ${mark}\n      SELECT 1\n\n        FROM t -- 'open\n    parameters: [[1]]`;
        sql(text, 'SELECT', 'FROM');
        yaml(text, 'query', 'parameters');
        has(exercise(text), mark[0] ?? '', 'keyword.control.flow.block-scalar');
      }
    });

    it('behind a dash', () => {
      const text = '- query: >-\n    SELECT 1\n  message: No.\n- query: SELECT 2\n    LIMIT 3\n  other: 1';
      sql(text, 'SELECT', 'LIMIT');
      yaml(text, 'query', 'message', 'other');
    });

    it('ends where an unclosed quote would not', () => {
      const text = "- query: SELECT 'open\n  message: No.";
      yaml(text, 'message');
      sql(text, 'SELECT');
    });

    it('leaves quoted ones and flow maps to YAML', () => {
      for (const text of ['query: "SELECT 1"', "query: 'SELECT 1'", '{ query: SELECT 1 }'])
        lacks(exercise(text), 'SELECT', 'meta.embedded.block.sql');
    });
  });

  it('leaves all else as it was', () => {
    const sources = [
      '```sql\nSELECT 1;\n```\n\n- item\n\n  ```sql\n  SELECT 2;\n  ```\n\n~~~yaml\na: query\n~~~\n',
      '```sql running\nSELECT 1;\n```\n```text\na\n```\n```yaml exercises\na: b\n```\n',
      'Inline ```sql run``` and `code`.\n\n    ```sql run\n    indented\n\n<!-- ```sql run\n-->\n# Title\n',
      '---\nid: a\nquery: SELECT 1\n---\n\n> quote\n',
      '````markdown\n```sql run\nSELECT 1;\n```\n````\n',
      'a paragraph\n```js\nconst a = 1;\n```\n| a | b |\n|---|---|\n',
      readFileSync(path.join(root, 'README.md'), 'utf8'),
      readFileSync(path.join(root, 'docs/plan-json.md'), 'utf8'),
    ];
    for (const source of sources) assert.deepEqual(tokenize(grammar, source), tokenize(plain, source));
  });

  it('colours the lesson that ships outside of its blocks as before', () => {
    const source = readFileSync(
      path.join(root, 'lessons/postgres-optimization/tutorials/02-query-analysis.md'),
      'utf8',
    );
    const [ours, before] = [tokenize(grammar, source), tokenize(plain, source)];
    const outside = (tokens: readonly Token[]): boolean =>
      tokens.every(({ scopes }) => !scopes.some((scope) => scope.startsWith('markup.fenced_code')));
    const lines = before.flatMap((tokens, line) => (outside(tokens) ? [line] : []));
    assert.ok(lines.length > 100);
    for (const line of lines) assert.deepEqual(ours[line], before[line], `line ${line + 1}`);
    const roles = ours.flat().filter(({ scopes }) => scopes.includes('keyword.other.role.pg-lessons'));
    assert.equal(
      roles.length,
      source.match(/^```(?:sql (?:run|starter|solution|wrong|alternative)|yaml exercise|md hint|text output)\b/gm)
        ?.length,
    );
  });
});
