import type { RawPlan, RawValue } from '../raw';
import { mark, plainValue, plansOf, type Document, type Marks } from './document';
import { PlanParseError } from './parseError';
import { put, type Properties } from './text/draft';

/**
 * EXPLAIN (FORMAT XML), and auto_explain's: elements and their text (explain.c: ExplainXMLTag). An element's name is the
 * JSON name, whatever is no letter, digit, "-", "_" or "." having become "-"; types are lost, so a value is a number
 * where it looks like one and the name is none that holds text. The five entities and character references are all that is
 * resolved; a DOCTYPE is refused.
 * @throws {PlanParseError}
 */
export function parseXml(text: string): readonly RawPlan[] {
  return plansOf(text, 'XML', '<Actual-Rows>', (marks) => read(text, marks));
}

/** These hold text even where it looks like a number or a boolean: a table may be called 42, a filter be "false". */
const TEXTS = new Set([
  ...[
    'Node Type',
    'Strategy',
    'Partial Mode',
    'Operation',
    'Parent Relationship',
    'Subplan Name',
    'Join Type',
    'Command',
  ],
  ...['Relation Name', 'Schema', 'Alias', 'Index Name', 'CTE Name', 'Function Name', 'Table Function Name'],
  ...['Tuplestore Name', 'Trigger Name', 'Constraint Name', 'Relation', 'Custom Plan Provider', 'Scan Direction'],
  ...[
    'Filter',
    'Join Filter',
    'One-Time Filter',
    'Conflict Filter',
    'Index Cond',
    'Recheck Cond',
    'TID Cond',
    'Hash Cond',
  ],
  ...['Merge Cond', 'Order By', 'Run Condition', 'Cache Key', 'Cache Mode', 'Function Call', 'Table Function Call'],
  ...[
    'Window',
    'Sampling Method',
    'Repeatable Seed',
    'Conflict Resolution',
    'Sort Method',
    'Sort Space Type',
    'Storage',
  ],
  ...['Remote SQL', 'Relations', 'Foreign File', 'Foreign Program', 'Format', 'Query Text', 'Query Parameters'],
  // A 64-bit number: as text, it keeps all digits.
  'Query Identifier',
]);

interface Element {
  readonly tag: string;
  /** Of its "<". */
  readonly offset: number;
  readonly children: { readonly tag: string; readonly offset: number; readonly value: RawValue }[];
  text: string;
}

/** What follows "<" in a tag: a slash where it closes, the name, and whatever stands after it. */
const TAG = /<(\/?)([A-Za-z_][\w.-]*)([^<>]*)>/y;

function read(text: string, marks: Marks | undefined): Document {
  const document: Element = { tag: '', offset: 0, children: [], text: '' };
  const open: Element[] = [document];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const element = open.at(-1) ?? document;
    const bracket = text.indexOf('<', at);
    const end = bracket < 0 ? text.length : bracket;
    addText(text, element, at, end);
    at = end;
    if (at === text.length) break;
    if (text[at + 1] === '?' || text[at + 1] === '!') {
      at = afterAside(text, at);
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (tag === null) throw new PlanParseError('Not valid XML: no tag begins at this “<”.', text, at);
    const [whole, slash, name = '', rest = ''] = tag;
    if (slash === '/') {
      close(text, open, name, at, marks);
    } else {
      if (element.text.trim() !== '')
        throw new PlanParseError(`Not valid XML: text stands before this tag, in <${element.tag}>.`, text, at);
      if (element === document && document.children.length > 0)
        throw new PlanParseError('Not valid XML: nothing may follow the plan.', text, at);
      open.push({ tag: name, offset: at, children: [], text: '' });
      if (rest.endsWith('/')) close(text, open, name, at, marks);
    }
    at += whole.length;
  }
  const unclosed = open.length > 1 ? open.at(-1) : undefined;
  if (unclosed !== undefined)
    throw new PlanParseError(
      `The plan ends too early: </${unclosed.tag}> is missing.`,
      text,
      text.length,
      'Copy the whole plan, up to </explain>.',
    );
  const [top] = document.children;
  if (top === undefined) throw new PlanParseError('This XML holds no element.', text, 0);
  return { plans: plansIn(top.value), offset: top.offset };
}

/** Each <Query>; auto_explain has none and puts its content into <explain>. */
function plansIn(top: RawValue): readonly RawValue[] {
  if (Array.isArray(top)) return top as readonly RawValue[];
  return top === '' ? [] : [top];
}

function addText(text: string, element: Element, from: number, to: number): void {
  if (from === to) return;
  const part = text.slice(from, to);
  if ((element.tag === '' || element.children.length > 0) && part.trim() !== '') {
    const place = from + part.length - part.trimStart().length;
    throw new PlanParseError('Not valid XML: text stands here between elements.', text, place);
  }
  if (element.children.length === 0) element.text += part;
}

/** Past a comment, a CDATA section or an instruction (<?xml …?>): EXPLAIN prints none, an editor may have added the last. */
function afterAside(text: string, at: number): number {
  const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
  if (end === undefined) throw new PlanParseError('EXPLAIN prints no such XML.', text, at);
  const place = text.indexOf(end, at + 2);
  if (place < 0) throw new PlanParseError(`Not valid XML: “${end}” is missing.`, text, at);
  return place + end.length;
}

function close(text: string, open: Element[], tag: string, at: number, marks: Marks | undefined): void {
  const element = open.pop();
  const parent = open.at(-1);
  if (element === undefined || parent === undefined)
    throw new PlanParseError(`Not valid XML: </${tag}> closes nothing.`, text, at);
  if (element.tag !== tag)
    throw new PlanParseError(`Not valid XML: </${element.tag}> should stand here, not </${tag}>.`, text, at);
  const inSettings = parent.tag === 'Settings';
  const value = valueOf(element, inSettings || element.tag === 'Item', marks);
  parent.children.push({ tag, offset: element.offset, value });
}

function valueOf(element: Element, asText: boolean, marks: Marks | undefined): RawValue {
  const { tag, children, text } = element;
  const [first] = children;
  if (first === undefined) return scalarOf(tag, text, asText);
  if (isListOf(tag, first.tag)) return children.map(({ value }) => value);
  const object: Properties = {};
  mark(marks, object, '', element.offset);
  const spaces = tag === GROUPS ? sortSpaces(children) : [];
  let groups = 0;
  for (const child of children) {
    let name = tag === 'Settings' ? child.tag : named(child.tag);
    if (child.tag === GROUPS) name = groups++ === 0 ? 'Full-sort Groups' : 'Pre-sorted Groups';
    else if (child.tag === 'Sort-Space') name = spaces.shift() ?? name;
    mark(marks, object, name, child.offset);
    put(object, name, child.value);
  }
  return object;
}

/** An Incremental Sort's: in JSON they have names, "Full-sort Groups" always first. */
const GROUPS = 'Incremental-Sort-Groups';

/** Its <Sort-Space>: memory first, then disk; of one alone, the methods tell. */
function sortSpaces(children: Element['children']): string[] {
  const spaces = children.filter(({ tag }) => tag === 'Sort-Space').length;
  if (spaces !== 1) return ['Sort Space Memory', 'Sort Space Disk'];
  const methods = children.find(({ tag }) => tag === 'Sort-Methods-Used')?.value;
  const disk = Array.isArray(methods) && methods.every((method) => String(method).startsWith('external'));
  return [disk ? 'Sort Space Disk' : 'Sort Space Memory'];
}

/** <Plans> of <Plan>, <Workers> of <Worker>, <Sort-Key> of <Item> … : in JSON, a list. */
function isListOf(tag: string, child: string): boolean {
  return (
    child === 'Item' ||
    tag === `${child}s` ||
    (tag === 'explain' && (child === 'Query' || child === 'Utility-Statement')) ||
    child === `${tag}-Entry`
  );
}

function scalarOf(tag: string, text: string, asText: boolean): RawValue {
  if (tag === 'Utility-Statement') return 'Utility Statement';
  // A group without members stands on two lines: <Triggers>, </Triggers>.
  if (text.includes('\n') && text.trim() === '') return tag === 'explain' ? '' : [];
  const value = unescaped(text);
  return asText || TEXTS.has(named(tag)) ? value : (plainValue(value) ?? value);
}

/** The JSON name. */
function named(tag: string): string {
  if (tag === 'One-Time-Filter') return 'One-Time Filter';
  return tag.replace(/I-O(?=-|$)/, 'I/O').replaceAll('-', ' ');
}

const ENTITY = /&(?:(lt|gt|amp|quot|apos)|#x([0-9a-fA-F]{1,6})|#(\d{1,7}));/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    ENTITY,
    (whole, entity: string | undefined, hex: string | undefined, decimal: string | undefined) => {
      if (entity !== undefined) return ENTITIES[entity] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
