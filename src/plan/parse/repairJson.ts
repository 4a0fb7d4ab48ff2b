import { jsonStringEnd } from './unwrap/strings';
import { rewritten, type Mapped } from './unwrap/mapped';

const TOKEN = /[\w.+-]/;

/**
 * JSON that a terminal or a mail program has cut into lines: without the line breaks inside its strings, numbers and words, where
 * JSON has none. The query keeps them.
 * @returns undefined where there are none
 */
export function repairedJson(source: Mapped): Mapped | undefined {
  const { text } = source;
  const dropped: number[] = [];
  const result = rewritten(source, (out) => {
    let kept = 0;
    const drop = (from: number, to: number): void => {
      out.keep(kept, from);
      kept = to;
      dropped.push(from);
    };
    let key = '';
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at);
      if (character === 0x22) {
        const end = jsonStringEnd(text, at);
        const string = text.slice(at + 1, end - 1);
        for (let line = text.indexOf('\n', at); line !== -1 && line < end; line = text.indexOf('\n', line + 1)) {
          const begin = text.charCodeAt(line - 1) === 0x0d ? line - 1 : line;
          drop(begin, line + 1);
          if (key === 'Query Text') out.insert('\\n', begin);
        }
        key = string;
        at = end - 1;
      } else if (character === 0x0a) {
        const before = text.charCodeAt(at - 1) === 0x0d ? at - 1 : at;
        if (TOKEN.test(text.charAt(before - 1)) && TOKEN.test(text.charAt(at + 1))) drop(before, at + 1);
      }
    }
    out.keep(kept, text.length);
  });
  return dropped.length > 0 ? result : undefined;
}
