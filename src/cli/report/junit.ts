import { details, type Event, type Reporter } from './event';

interface Suite {
  readonly name: string;
  readonly cases: string[];
  failures: number;
  skipped: number;
  seconds: number;
}

/** One JUnit XML document at the end: a suite for each lesson on each engine, a case for each proof. */
export function junitReporter(): Reporter {
  const suites = new Map<string, Suite>();
  let course: Extract<Event, { type: 'course' }> | undefined;
  const suite = (name: string): Suite => {
    let found = suites.get(name);
    if (!found) suites.set(name, (found = { name, cases: [], failures: 0, skipped: 0, seconds: 0 }));
    return found;
  };
  return (event) => {
    switch (event.type) {
      case 'problem': {
        const { severity, message, code, range } = event.problem;
        if (severity !== 'error') return '';
        const problems = suite('lint');
        problems.failures++;
        const name = attributes({ classname: event.file, name: `line ${range.startLine + 1}: ${code}`, time: '0' });
        problems.cases.push(`<testcase${name}>${element('failure', message, message)}</testcase>`);
        return '';
      }
      case 'course':
        course = event;
        return '';
      case 'proof': {
        const { subject, name, status, message = '', durationMs, line } = event.proof;
        const seconds = durationMs / 1000;
        const own = suite(`${subject.lesson} (${course?.engine ?? ''})`);
        own.seconds += seconds;
        if (status === 'failed') own.failures++;
        if (status === 'skipped') own.skipped++;
        const classname = `${course?.id ?? ''}.${subject.lesson}.${subject.id}`;
        const head = attributes({
          classname,
          name,
          time: seconds.toFixed(3),
          file: event.file,
          line: String(line + 1),
        });
        const text = `${event.file}:${line + 1}: ${details(event.proof)}`;
        own.cases.push(
          status === 'passed'
            ? `<testcase${head}/>`
            : `<testcase${head}>${element(status === 'failed' ? 'failure' : 'skipped', message, text)}</testcase>`,
        );
        return '';
      }
      case 'end':
        return documentOf([...suites.values()]);
    }
  };
}

function documentOf(suites: readonly Suite[]): string {
  const sum = (of: (suite: Suite) => number): number => suites.reduce((total, suite) => total + of(suite), 0);
  const figures = (tests: number, failures: number, skipped: number, seconds: number): Record<string, string> => ({
    tests: String(tests),
    failures: String(failures),
    errors: '0',
    skipped: String(skipped),
    time: seconds.toFixed(3),
  });
  const total = figures(
    sum(({ cases }) => cases.length),
    sum(({ failures }) => failures),
    sum(({ skipped }) => skipped),
    sum(({ seconds }) => seconds),
  );
  const parts = suites.map(({ name, cases, failures, skipped, seconds }) => {
    const head = attributes({ name, ...figures(cases.length, failures, skipped, seconds) });
    return `  <testsuite${head}>\n${cases.map((each) => `    ${each}\n`).join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'pg-lessons', ...total })}>\n${parts.join('')}</testsuites>\n`;
}

function element(name: string, message: string, text: string): string {
  return `<${name}${attributes({ message: message.split('\n', 1)[0] ?? '' })}>${escaped(text)}</${name}>`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** As XML 1.0 allows it: control characters and lone surrogates have no place there, however they are written. */
function escaped(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
