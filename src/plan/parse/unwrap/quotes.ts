import { endOf, firstOf, forEachLine, rewritten, type Mapped } from './mapped';
import { cellEnd, jsonStringEnd, keepUndoubled, keepUnescaped } from './strings';

/** Plans out of what clients put around a result: rows of JSON, cells of CSV, each line in quotes, an escaped string. */
export function withoutQuotes(source: Mapped): Mapped {
  return [fromJsonRows, fromEscaped, fromCsvLines, fromCell, withoutLineQuotes].reduce(
    (text, step) => step(text),
    source,
  );
}

const JSON_ROW = /"QUERY PLAN"\s*:\s*"/gi;

/** [{"QUERY PLAN": "Seq Scan on …"}, {"QUERY PLAN": "  Filter: …"}] */
function fromJsonRows(source: Mapped): Mapped {
  if (!source.text.includes('"QUERY PLAN"') && !source.text.includes('"query plan"')) return source;
  if (source.text.search(JSON_ROW) === -1) return source;
  return rewritten(source, (out, text) => {
    JSON_ROW.lastIndex = 0;
    for (let match = JSON_ROW.exec(text); match !== null; match = JSON_ROW.exec(text)) {
      const quote = JSON_ROW.lastIndex - 1;
      const end = jsonStringEnd(text, quote);
      keepUnescaped(out, text, quote + 1, end - 1);
      out.insert('\n', end);
      JSON_ROW.lastIndex = end;
    }
  });
}

const ESCAPED_TEXT = /\(cost=[\d.]{1,40}\.\.[^\n\\]{1,200}\\n *(?:->|[A-Z])/;

/** A plan in a string of a program or a log: "Seq Scan on t  (cost=…)\n  Filter: …". */
function fromEscaped(source: Mapped): Mapped {
  const { text } = source;
  if (!text.includes('\\n') && !text.includes('\\"Plan\\"')) return source;
  if (!text.includes('\\"Plan\\"') && !ESCAPED_TEXT.test(text)) return source;
  const quote = text.search(/"[\s[{\\A-Z]/);
  const inString = quote !== -1 && jsonStringEnd(text, quote) > quote + 60;
  const from = inString ? quote + 1 : 0;
  const to = inString ? jsonStringEnd(text, quote) - 1 : text.length;
  return rewritten(source, (out) => {
    keepUnescaped(out, text, from, to);
  });
}

/** psql --csv: a line is a cell, and only one with a quote or a comma in it stands in quotes. */
function fromCsvLines(source: Mapped): Mapped {
  if (!source.text.includes('\n"') || !isCsvLines(source.text)) return source;
  return strip(source, '"', true, true);
}

/** Looks no further than the first line that is none. */
function isCsvLines(text: string): boolean {
  // Where the next of each stands: looked for once it is passed, so that each character is looked at once.
  let quote = -1;
  let comma = -1;
  for (let from = 0, to = 0; from < text.length; from = to + 1) {
    to = placeOf(text, '\n', from);
    const end = endOf(text, from, to);
    if (text[from] === '"') {
      if (end - 1 <= from || text[end - 1] !== '"' || hasSingle(text, from + 1, end - 1, '"')) return false;
      continue;
    }
    if (quote < from) quote = placeOf(text, '"', from);
    if (comma < from) comma = placeOf(text, ',', from);
    if (quote < end || comma < end) return false;
  }
  return true;
}

function placeOf(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at === -1 ? text.length : at;
}

const CELL = /(?:^|\n|,)[ \t]*"(?=\s*(?:[[{<]|- Plan|[A-Z][^\n"]*(?:"")?[^\n]*\(cost=))/g;

/** A cell of CSV with the whole plan. */
function fromCell(source: Mapped): Mapped {
  // One character is found ten times as fast as one behind a line break.
  if (!source.text.includes('"')) return source;
  const begins = source.text.includes('\n"') || source.text.includes(',"') || source.text.trimStart().startsWith('"');
  if (!begins || source.text.search(CELL) === -1) return source;
  const cells: number[] = [];
  const result = rewritten(source, (out, text) => {
    let kept = 0;
    CELL.lastIndex = 0;
    for (let match = CELL.exec(text); match !== null; match = CELL.exec(text)) {
      const from = CELL.lastIndex;
      const end = cellEnd(text, from);
      const line = text.indexOf('\n', from);
      // One line: each line has its quotes, see below.
      if (line === -1 || line > end) {
        if (!text.startsWith('""', text.indexOf('"', from))) continue;
      }
      cells.push(from);
      out.keep(kept, from - 1);
      keepUndoubled(out, text, from, end);
      kept = end + 1;
      CELL.lastIndex = kept;
    }
    out.keep(kept, text.length);
  });
  return cells.length > 0 ? result : source;
}

function withoutLineQuotes(source: Mapped): Mapped {
  for (const quote of ['"', "'"]) {
    if (
      !source.text.includes(`${quote}\n`) &&
      !source.text.includes(`${quote}\r`) &&
      !source.text.trimEnd().endsWith(quote)
    )
      continue;
    let lines = 0;
    let opened = 0;
    let closed = 0;
    let single = false;
    forEachLine(source.text, (from, to) => {
      const { text } = source;
      const first = firstOf(text, from, to);
      if (first === to) return;
      const end = endOf(text, from, to);
      lines++;
      const opens = text[first] === quote;
      const closes = text[end - 1] === quote && end - 1 > first;
      if (opens) opened++;
      if (closes) closed++;
      if (opens && closes && hasSingle(text, first + 1, end - 1, quote)) single = true;
    });
    if (closed < lines * 0.6 || closed === 0) continue;
    const opens = opened >= lines * 0.6;
    return strip(source, quote, opens, opens && quote === '"' && !single);
  }
  return source;
}

/** A quote that is not doubled. */
function hasSingle(text: string, from: number, to: number, quote: string): boolean {
  for (let at = text.indexOf(quote, from); at !== -1 && at < to; at = text.indexOf(quote, at)) {
    const run = at;
    while (at < to && text[at] === quote) at++;
    if ((at - run) % 2 === 1) return true;
  }
  return false;
}

function strip(source: Mapped, quote: string, opening: boolean, doubled: boolean): Mapped {
  return rewritten(source, (out, text) => {
    forEachLine(text, (from, to, next) => {
      const first = firstOf(text, from, to);
      const end = endOf(text, from, to);
      const begin = opening && text[first] === quote ? first + 1 : from;
      const close = end - 1 >= begin && text[end - 1] === quote ? end - 1 : end;
      if (doubled) keepUndoubled(out, text, begin, close);
      else out.keep(begin, close);
      if (next > to) out.keep(next - 1, next);
    });
  });
}
