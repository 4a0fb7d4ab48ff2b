import assert from 'node:assert/strict';
import { parseLesson } from '../../../src/course/parse';
import { LessonRenderer } from '../../../src/course/render';

const FRONT = '---\nid: l\ntitle: L\nkind: tutorial\nminutes: 5\n---\n';
const renderer = new LessonRenderer((path) => `webview:${path}`);
const render = (body: string) => renderer.lesson(parseLesson(FRONT + body, 'a/l.md', 'A').lesson!);
const html = (body: string): string =>
  render(body)
    .segments.map((segment) => ('html' in segment ? segment.html : `[${segment.id}]`))
    .join('');

describe('LessonRenderer', () => {
  it('cuts the text at run blocks and exercises, and hides the answers', () => {
    const exercise =
      '```yaml exercise\nid: e\nexpect: [{ data: unchanged }]\n```\n```sql starter\n1\n```\n```sql solution\nSECRET\n```\n```md hint\nSECRET\n```\n```sql wrong "SECRET"\nSECRET\n```\n';
    const { segments } = render(`Before\n\n\`\`\`sql run\nSELECT 1\n\`\`\`\n\nBetween\n\n${exercise}\nAfter\n`);
    assert.deepEqual(
      segments.map((segment) => (segment.kind === 'html' ? 'html' : `${segment.kind} ${segment.id}`)),
      ['html', 'sql run-1', 'html', 'exercise e', 'html'],
    );
    assert.ok(!JSON.stringify(segments).includes('SECRET'));
  });

  it('outlines the headings, with anchors as on GitHub', () => {
    const { outline } = render('## Rows × loops\n### `EXPLAIN`, again\n## Rows × loops\n');
    assert.deepEqual(outline, [
      { level: 2, text: 'Rows × loops', slug: 'rows--loops' },
      { level: 3, text: 'EXPLAIN, again', slug: 'explain-again' },
      { level: 2, text: 'Rows × loops', slug: 'rows--loops-1' },
    ]);
  });

  it('lets no HTML, script or command through', () => {
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '[a](javascript:alert(1))',
      '[b](command:workbench.action.quit)',
      '[c](vscode://x/y)',
      '![d](file:///etc/passwd)',
      '<script>x</script>',
      '[e](data:text/html,x)',
      '## <b onclick=x>',
    ];
    for (const text of hostile) {
      const out = html(`${text}\n`);
      assert.doesNotMatch(out, /<(?:img|script|b)\b|href="(?:javascript|command|vscode|data)|src="file/i, text);
    }
  });

  it('keeps safe links and gives images of the course their address', () => {
    assert.match(
      html('[a](https://www.postgresql.org/) [b](03-next.md#x) [c](#rows)\n'),
      /href="https:.*href="03-next.md#x".*href="#rows"/,
    );
    assert.match(html('![plan](img/plan.png)\n'), /src="webview:img\/plan.png"/);
  });

  it('highlights SQL and escapes what it does not know', () => {
    assert.match(html('```sql\nSELECT 1 -- <x>\n```\n'), /hljs-keyword[\s\S]*&lt;x&gt;/);
    assert.match(html('```unknown\n<x>\n```\n'), /&#60;x&#62;/);
  });
});
