import { asText, type RawProperties } from './raw';

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
  const parallel = properties['Parallel Aware'] === true ? 'Parallel ' : '';
  const asynchronous = properties['Async Capable'] === true ? 'Async ' : '';
  return parallel + asynchronous + plainName(properties);
}

function plainName(properties: RawProperties): string {
  const type = asText(properties['Node Type']) ?? '';
  switch (type) {
    case 'Aggregate':
      return partial(asText(properties['Partial Mode'])) + (AGGREGATES[asText(properties['Strategy']) ?? ''] ?? type);
    case 'SetOp':
      return (properties['Strategy'] === 'Hashed' ? 'HashSetOp' : type) + after(asText(properties['Command']));
    case 'Nested Loop':
      return type + join(asText(properties['Join Type']));
    case 'Hash Join':
      return `Hash${join(asText(properties['Join Type'])) || ' Join'}`;
    case 'Merge Join':
      return `Merge${join(asText(properties['Join Type'])) || ' Join'}`;
    case 'Index Scan':
    case 'Index Only Scan':
      return type + (properties['Scan Direction'] === 'Backward' ? ' Backward' : '');
    case 'ModifyTable':
      return asText(properties['Operation']) || type;
    case 'Foreign Scan': {
      const operation = asText(properties['Operation']) ?? '';
      return operation === '' || operation === 'Select' ? type : `Foreign ${operation}`;
    }
    case 'Custom Scan': {
      const provider = asText(properties['Custom Plan Provider']) ?? '';
      return provider === '' ? type : `${type} (${provider})`;
    }
    default:
      return type;
  }
}

const AGGREGATES: Readonly<Partial<Record<string, string>>> = {
  Plain: 'Aggregate',
  Sorted: 'GroupAggregate',
  Hashed: 'HashAggregate',
  Mixed: 'MixedAggregate',
};

function partial(mode: string | undefined): string {
  return mode === 'Partial' || mode === 'Finalize' ? `${mode} ` : '';
}

/** " Left Join"; nothing for an inner join. */
function join(type = ''): string {
  return type === '' || type === 'Inner' ? '' : ` ${type} Join`;
}

function after(word = ''): string {
  return word === '' ? '' : ` ${word}`;
}
