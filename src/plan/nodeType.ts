import { textOf, type RawProperties } from './raw';

/** What a node's name is made of; `buildModel` leaves these out of the details. */
export const NAMED_BY = [
  'Node Type',
  'Parallel Aware',
  'Async Capable',
  'Strategy',
  'Partial Mode',
  'Join Type',
  'Command',
  'Scan Direction',
  'Custom Plan Provider',
];

/** A node's name in EXPLAIN's text form, from its properties in the others (explain.c, ExplainNode, 14–18). */
export function typeName(properties: RawProperties): string {
  const parallel = properties.get('Parallel Aware') === true ? 'Parallel ' : '';
  const asynchronous = properties.get('Async Capable') === true ? 'Async ' : '';
  return parallel + asynchronous + plainName(properties);
}

function plainName(properties: RawProperties): string {
  const type = textOf(properties, 'Node Type') ?? '';
  const of = (name: string): string => textOf(properties, name) ?? '';
  switch (type) {
    case 'Aggregate':
      return partial(of('Partial Mode')) + (AGGREGATES[of('Strategy')] ?? type);
    case 'SetOp':
      return (of('Strategy') === 'Hashed' ? 'HashSetOp' : type) + after(of('Command'));
    case 'Nested Loop':
      return type + join(of('Join Type'));
    case 'Hash Join':
      return `Hash${join(of('Join Type')) || ' Join'}`;
    case 'Merge Join':
      return `Merge${join(of('Join Type')) || ' Join'}`;
    case 'Index Scan':
    case 'Index Only Scan':
      return type + (of('Scan Direction') === 'Backward' ? ' Backward' : '');
    case 'ModifyTable':
      return of('Operation') || type;
    case 'Foreign Scan':
      return ['', 'Select'].includes(of('Operation')) ? type : `Foreign ${of('Operation')}`;
    case 'Custom Scan':
      return of('Custom Plan Provider') === '' ? type : `${type} (${of('Custom Plan Provider')})`;
    default:
      return type;
  }
}

const AGGREGATES: Readonly<Record<string, string>> = {
  Plain: 'Aggregate',
  Sorted: 'GroupAggregate',
  Hashed: 'HashAggregate',
  Mixed: 'MixedAggregate',
};

function partial(mode: string): string {
  return mode === 'Partial' || mode === 'Finalize' ? `${mode} ` : '';
}

/** " Left Join"; nothing for an inner join. */
function join(type: string): string {
  return type === '' || type === 'Inner' ? '' : ` ${type} Join`;
}

function after(word: string): string {
  return word === '' ? '' : ` ${word}`;
}
