import { endOf, firstOf, forEachLine, rewritten, type Mapped } from './mapped';
import { cellEnd, jsonStringEnd, keepUndoubled, keepUnescaped } from './strings';

/** Plans out of logs: csvlog, jsonlog, syslog and what containers put before each line. */
export function withoutLog(source: Mapped): Mapped {
  return [fromCsvLog, fromJsonLog, fromSyslog, withoutPrefix].reduce((text, step) => step(text), source);
}

/** Time, user, database and process. Commas alone are no csvlog: a log_line_prefix may have them ("user=%u,db=%d"). */
const CSV_LOG = /^\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\s,]*(?: [^\s,]+)?,(?:"[^"\n]*")?,(?:"[^"\n]*")?,\d*,/;

/** Every cell with line breaks: the message of auto_explain is one. */
function fromCsvLog(source: Mapped): Mapped {
  if (!CSV_LOG.test(source.text.slice(0, 1000))) return source;
  return rewritten(source, (out, text) => {
    for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
      const end = cellEnd(text, at + 1);
      const line = text.indexOf('\n', at);
      if (line !== -1 && line < end) {
        keepUndoubled(out, text, at + 1, end);
        out.insert('\n\n', end);
      }
      at = end + 1;
    }
  });
}

function fromJsonLog(source: Mapped): Mapped {
  const first = source.text.slice(0, 4000).trimStart();
  if (!first.startsWith('{"timestamp"')) return source;
  return rewritten(source, (out, text) => {
    const name = '"message":"';
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at)) {
      const quote = at + name.length - 1;
      const end = jsonStringEnd(text, quote);
      keepUnescaped(out, text, quote + 1, end - 1);
      out.insert('\n\n', end);
      at = end;
    }
  });
}

/**
 * "postgres[123]: [5-2] #011Seq Scan …": process, message and the message's line. Without a program's name before the process
 * it is pgBadger's log_line_prefix, "%t [%p]: [%l-1] ", which only the first line of a message has.
 */
const SYSLOG = /[^\s[]\[(\d+)\]: \[(\d+)-\d+\] ?(#011)?/;

/** Messages of several processes stand between each other. */
function fromSyslog(source: Mapped): Mapped {
  if (!source.text.includes(']: [')) return source;
  const messages = new Map<string, { readonly from: number; readonly to: number; readonly tab: boolean }[]>();
  let lines = 0;
  let matching = 0;
  forEachLine(source.text, (from, to) => {
    if (from === to) return;
    lines++;
    const match = SYSLOG.exec(source.text.slice(from, Math.min(to, from + 300)));
    if (match === null) return;
    matching++;
    const key = `${match[1] ?? ''}-${match[2] ?? ''}`;
    const line = { from: from + match.index + match[0].length, to, tab: match[3] !== undefined };
    const message = messages.get(key);
    if (message === undefined) messages.set(key, [line]);
    else message.push(line);
  });
  if (matching === 0 || matching < lines / 2) return source;
  return rewritten(source, (out) => {
    for (const message of messages.values()) {
      message.forEach(({ from, to, tab }, place) => {
        // Without a tab: the rest of a line that was too long for syslog.
        if (place > 0 && tab) out.insert('\n\t', from);
        out.keep(from, to);
      });
      out.insert('\n\n', message.at(-1)?.to ?? 0);
    }
  });
}

const CONTAINER = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] /;
const COMPOSE = /^[\w.-]+\s*\| ?/;
const MAIL = /^(?:> ?)+/;

/** A line begins with a year. Much faster than to look for the words in a text of megabytes. */
function isDated(text: string): boolean {
  return text.startsWith('20') || text.includes('\n20');
}

function withoutPrefix(source: Mapped): Mapped {
  const { text: whole } = source;
  const prefixes: RegExp[] = [];
  if (isDated(whole) && (whole.includes(' stdout ') || whole.includes(' stderr '))) prefixes.push(CONTAINER);
  if (whole.includes('|')) prefixes.push(COMPOSE);
  if (whole.startsWith('>') || whole.includes('\n>')) prefixes.push(MAIL);
  for (const prefix of prefixes) {
    let lines = 0;
    let matching = 0;
    forEachLine(source.text, (from, to) => {
      if (firstOf(source.text, from, to) === to) return;
      lines++;
      if (prefix.test(source.text.slice(from, Math.min(to, from + 200)))) matching++;
    });
    if (matching < 2 && matching < lines) continue;
    if (matching === 0 || matching < lines * (prefix === MAIL ? 0.5 : 0.8)) continue;
    return rewritten(source, (out, text) => {
      forEachLine(text, (from, to, next) => {
        const match = prefix.exec(text.slice(from, Math.min(to, from + 200)));
        if (match !== null) out.keep(from + match[0].length, next);
        // Below a quotation, what is not quoted is no part of it.
        else if (prefix === MAIL && endOf(text, from, to) > from) out.insert('\n', from);
        else out.keep(from, next);
      });
    });
  }
  return source;
}
