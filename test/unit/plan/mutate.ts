/** Damage as it happens to pasted text, and as a hostile author would do it. */

type Random = () => number;
type Mutation = (text: string, random: Random, corpus: readonly string[]) => string;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);

function pick<T>(from: readonly T[], random: Random): T {
  const picked = from[below(random, from.length)];
  if (picked === undefined) throw new RangeError('Nothing to pick from.');
  return picked;
}

/** What may stand anywhere. */
const TOKENS = [
  ...['{', '}', '[', ']', '(', ')', '<', '>', '"', "'", '\\', ',', ':', '|', '+', '-', ';', '&', '=', '/', '%', '`'],
  ...['\0', '\n', '\r', '\r\n', '\t', '\v', '\f', '\u2028', '\u00a0', '\ufeff', '\ud83d', '🐘', 'é', '表'],
  ...[
    '->  ',
    '-> ',
    '- ',
    '  ',
    ': ',
    '": ',
    '",',
    '"}',
    '/>',
    '</Plan>',
    '<Plan>',
    '<Item>',
    '<!--',
    '<![CDATA[',
    '&#x0;',
    '&lt',
  ],
  ...[
    'NaN',
    '-1',
    '1e999',
    '-1e999',
    '9'.repeat(400),
    '0.0000001',
    '1e120',
    '18446744073709551616',
    'null',
    'true',
    '[]',
    '{}',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '"__proto__": {"x": 1}, ',
    '"Plans": [], ',
    '"Node Type": 5, ',
    '"Plan": null',
  ],
  ...[
    '(cost=',
    '(actual ',
    'rows=',
    'loops=0)',
    '(never executed)',
    'time=..',
    'Buffers: ',
    'Planning Time: ',
    'Settings: ',
  ],
  ...[
    'CTE x',
    'InitPlan 1 (returns $0)',
    'SubPlan 1',
    'Worker 0:  ',
    'Sort Key: ',
    'JIT:',
    'Trigger x: time=1',
    'QUERY PLAN',
    '(3 rows)',
  ],
  ...[
    '"Actual Loops": -3, ',
    '"Actual Rows": 1e300, ',
    '"Plan Rows": "x", ',
    '"Workers": [{}], ',
    '"Triggers": 7, ',
    '"Parent Relationship": "InitPlan", ',
  ],
];

const HOSTILE_NUMBERS = [
  '-1',
  '0',
  '1e300',
  '1e999',
  '99999999999999999999',
  '0.0005',
  '1.',
  '',
  '1e-320',
  'NaN',
  '"5"',
  '4.50',
  '1000000',
];

const onLines =
  (change: (lines: string[], random: Random) => void): Mutation =>
  (text, random) => {
    const lines = text.split('\n');
    change(lines, random);
    return lines.join('\n');
  };

const MUTATIONS: readonly Mutation[] = [
  onLines((lines, random) => lines.splice(below(random, lines.length), 1 + below(random, 3))),
  onLines((lines, random) => {
    const at = below(random, lines.length);
    lines.splice(below(random, lines.length), 0, ...lines.slice(at, at + 1 + below(random, 4)));
  }),
  onLines((lines, random) => {
    const [one, other] = [below(random, lines.length), below(random, lines.length)];
    [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
  }),
  // Another indentation.
  onLines((lines, random) => {
    const at = below(random, lines.length);
    const change = below(random, 9) - 4;
    for (let line = at; line < Math.min(lines.length, at + 1 + below(random, 4)); line++) {
      const old = lines[line] ?? '';
      lines[line] = change > 0 ? ' '.repeat(change) + old : old.replace(new RegExp(`^ {0,${String(-change)}}`), '');
    }
  }),
  // A frame, a quotation, a log's prefix.
  onLines((lines, random) => {
    const [before, after] = pick(
      [
        ['> ', ''],
        [' ', ' +'],
        ['| ', ' |'],
        ['"', '"'],
        ['\t', ''],
        ['2024-01-01 LOG:  ', ''],
      ] as const,
      random,
    );
    lines.forEach((line, at) => (lines[at] = before + line + after));
  }),
  // A hard wrap.
  (text, random) => {
    const width = 20 + below(random, 100);
    return text.replace(new RegExp(`.{${String(width)}}`, 'g'), '$&\n');
  },
  // Another character.
  (text, random) => {
    const at = below(random, text.length);
    return (
      text.slice(0, at) +
      String.fromCharCode(below(random, 3) === 0 ? below(random, 0x3000) : 32 + below(random, 95)) +
      text.slice(at + 1)
    );
  },
  (text, random) => text.slice(0, below(random, text.length + 1)),
  (text, random) => text.slice(below(random, text.length)),
  (text, random) => {
    const at = below(random, text.length);
    return text.slice(0, at) + text.slice(at + below(random, 60));
  },
  (text, random) => {
    const [at, from] = [below(random, text.length), below(random, text.length)];
    return text.slice(0, at) + text.slice(from, from + below(random, 200)) + text.slice(at);
  },
  (text, random) => {
    const at = below(random, text.length + 1);
    return text.slice(0, at) + pick(TOKENS, random) + text.slice(at);
  },
  // Another number.
  (text, random) => {
    const numbers = [...text.matchAll(/\d+(?:\.\d+)?/g)];
    if (numbers.length === 0) return text;
    const { index, 0: number } = pick(numbers, random);
    return text.slice(0, index) + pick(HOSTILE_NUMBERS, random) + text.slice(index + number.length);
  },
  // Another word, one of the same text or of another.
  (text, random, corpus) => {
    const words = [...text.matchAll(/[A-Za-z]\w{2,}/g)];
    const others = [...pick(corpus, random).matchAll(/[A-Za-z][\w ]{2,}/g)];
    if (words.length === 0 || others.length === 0) return text;
    const { index, 0: word } = pick(words, random);
    return text.slice(0, index) + pick(others, random)[0] + text.slice(index + word.length);
  },
  // Two plans, spliced or below each other.
  (text, random, corpus) => {
    const other = pick(corpus, random);
    return text.slice(0, below(random, text.length)) + other.slice(below(random, other.length));
  },
  (text, random, corpus) => `${text}${pick(['', '\n', '\n\n', ','], random)}${pick(corpus, random)}`,
];

/** One of the texts, with one to three kinds of damage. */
export function mutated(corpus: readonly string[], random: Random): string {
  let text = pick(corpus, random);
  for (let count = 1 + below(random, 3); count > 0; count--) text = pick(MUTATIONS, random)(text, random, corpus);
  return text;
}
