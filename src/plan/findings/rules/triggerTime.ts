import type { Trigger } from '../../model';
import { formatCount, formatMs } from '../../words';
import { text, type Facts } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { percent } from '../worth';

const LEAST_SHARE = 0.1;
const LEAST_MS = 1;
/** An index look-up takes less; a look through a table takes more. */
const SLOW_CALL_MS = 0.2;

export const triggerTime: Rule = {
  id: 'trigger-time',
  title: 'Triggers take much of the time',
  trigger: 'One trigger took ≥ 10 % of the execution time, and ≥ 1 ms.',
  source: {
    name: 'PostgreSQL manual: index the referencing columns',
    url: 'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK',
  },
  manual: 'ddl-constraints.html#DDL-CONSTRAINTS-FK',
  lesson: 'index-tuning',
  *find(facts): Iterable<Hit> {
    const { spanMs, plan } = facts;
    if (spanMs === undefined) return;
    for (const trigger of plan.triggers) {
      const { ms, calls } = trigger;
      if (ms === undefined || ms < LEAST_MS || ms < LEAST_SHARE * spanMs) continue;
      const perCall = calls === undefined || calls === 0 ? undefined : ms / calls;
      const checksKey = trigger.constraint !== undefined && removesKeys(facts, trigger);
      yield {
        message: `${nameOf(trigger)} took ${formatMs(ms)}, ${percent(Math.min(1, ms / spanMs))} of the execution time${
          calls === undefined || perCall === undefined ? '' : `: ${formatCount(calls)} calls of ${formatMs(perCall)}`
        }.`,
        evidence: [
          { name: 'Time of the trigger', value: formatMs(ms) },
          ...(calls === undefined ? [] : [{ name: 'Calls', value: formatCount(calls) }]),
          ...(perCall === undefined ? [] : [{ name: 'Time of one call', value: formatMs(perCall) }]),
        ],
        stake: { ms, errorMs: 0.0005 },
        fixes: fixesOf(trigger, checksKey, perCall),
        doubt: doubtOf(trigger, checksKey, perCall),
      };
    }
  },
};

function nameOf({ constraint, name, relation }: Trigger): string {
  const what = constraint === undefined ? `Trigger ${name ?? ''}`.trim() : `The check of ${constraint}`;
  return `${what}${relation === undefined ? '' : ` on ${relation}`}`;
}

/** The statement deletes or changes rows that others reference: the check then looks for them in the referencing table. */
function removesKeys({ nodes }: Facts, { relation }: Trigger): boolean {
  let removes = false;
  for (const node of nodes) {
    if (node.kind !== 'ModifyTable') continue;
    const operation = text(node, 'Operation');
    if (relation !== undefined && node.relation !== undefined && node.relation !== relation) continue;
    if (operation === 'Insert') return false;
    removes ||= operation === 'Delete' || operation === 'Update' || operation === 'Merge';
  }
  return removes;
}

function fixesOf({ constraint }: Trigger, checksKey: boolean, perCall: number | undefined): Fix[] {
  if (constraint === undefined) {
    return [
      {
        kind: 'design',
        text: 'Let it run for fewer rows (a WHEN condition, UPDATE OF its columns), or once for the statement: FOR EACH STATEMENT with transition tables.',
      },
    ];
  }
  const batch: Fix = {
    kind: 'design',
    text: 'For a bulk load, add the constraint after the rows: one join then checks them all.',
  };
  if (!checksKey) return [batch];
  return [
    {
      kind: 'index',
      text: 'Index the referencing columns of the foreign key, unless they are: each row that is deleted or changed is looked up there. The plan does not name them; this writes the statement.',
      sql: indexQuery(constraint),
    },
    ...(perCall !== undefined && perCall < SLOW_CALL_MS
      ? [
          {
            kind: 'design',
            text: 'One call is as fast as an index look-up: delete fewer rows at a time, or whole partitions.',
          } as const,
        ]
      : []),
  ];
}

/** The catalogue knows the columns, in order. */
function indexQuery(constraint: string): string {
  return `SELECT format('CREATE INDEX ON %s (%s);', conrelid::regclass, string_agg(quote_ident(attname), ', ' ORDER BY place))
FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS key (number, place), pg_attribute
WHERE contype = 'f' AND conname = '${constraint.replaceAll("'", "''")}' AND attrelid = conrelid AND attnum = key.number
GROUP BY pg_constraint.oid, conrelid;`;
}

function doubtOf({ constraint }: Trigger, checksKey: boolean, perCall: number | undefined): string {
  if (constraint === undefined)
    return 'What the trigger does may be needed for each row; its own statements are not in this plan (auto_explain.log_nested_statements shows them).';
  if (checksKey && perCall !== undefined && perCall < SLOW_CALL_MS)
    return 'So short a call suggests that the index is there. A cascade also deletes the rows that it finds.';
  return checksKey
    ? 'A cascade also changes the rows that it finds, and a check may have waited for another session’s lock: an index spares neither.'
    : 'Inserted rows are looked up in the referenced table’s primary key: the index is there, and each call is needed. A long call may have waited for a lock.';
}
