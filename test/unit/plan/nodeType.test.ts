import assert from 'node:assert/strict';
import { detailsOf } from '../../../src/plan/details';
import { fixture, planOf } from './fixtures';

describe('plan: node types as the text form names them', () => {
  const names: [string, object][] = [
    ['Seq Scan', { 'Node Type': 'Seq Scan', 'Parallel Aware': false }],
    ['Parallel Seq Scan', { 'Node Type': 'Seq Scan', 'Parallel Aware': true }],
    ['Async Foreign Scan', { 'Node Type': 'Foreign Scan', Operation: 'Select', 'Async Capable': true }],
    ['Foreign Update', { 'Node Type': 'Foreign Scan', Operation: 'Update' }],
    ['Custom Scan (Columnar)', { 'Node Type': 'Custom Scan', 'Custom Plan Provider': 'Columnar' }],
    ['Hash Join', { 'Node Type': 'Hash Join', 'Join Type': 'Inner' }],
    ['Hash Left Join', { 'Node Type': 'Hash Join', 'Join Type': 'Left' }],
    ['Hash Right Semi Join', { 'Node Type': 'Hash Join', 'Join Type': 'Right Semi' }],
    ['Parallel Hash Right Anti Join', { 'Node Type': 'Hash Join', 'Join Type': 'Right Anti', 'Parallel Aware': true }],
    ['Merge Join', { 'Node Type': 'Merge Join', 'Join Type': 'Inner' }],
    ['Merge Full Join', { 'Node Type': 'Merge Join', 'Join Type': 'Full' }],
    ['Nested Loop', { 'Node Type': 'Nested Loop', 'Join Type': 'Inner' }],
    ['Nested Loop Anti Join', { 'Node Type': 'Nested Loop', 'Join Type': 'Anti' }],
    ['Aggregate', { 'Node Type': 'Aggregate', Strategy: 'Plain', 'Partial Mode': 'Simple' }],
    ['HashAggregate', { 'Node Type': 'Aggregate', Strategy: 'Hashed', 'Partial Mode': 'Simple' }],
    ['Partial HashAggregate', { 'Node Type': 'Aggregate', Strategy: 'Hashed', 'Partial Mode': 'Partial' }],
    ['Finalize GroupAggregate', { 'Node Type': 'Aggregate', Strategy: 'Sorted', 'Partial Mode': 'Finalize' }],
    ['MixedAggregate', { 'Node Type': 'Aggregate', Strategy: 'Mixed', 'Partial Mode': 'Simple' }],
    ['SetOp Intersect All', { 'Node Type': 'SetOp', Strategy: 'Sorted', Command: 'Intersect All' }],
    ['HashSetOp Except', { 'Node Type': 'SetOp', Strategy: 'Hashed', Command: 'Except' }],
    ['Index Scan', { 'Node Type': 'Index Scan', 'Scan Direction': 'Forward' }],
    ['Index Scan Backward', { 'Node Type': 'Index Scan', 'Scan Direction': 'Backward' }],
    [
      'Parallel Index Only Scan Backward',
      { 'Node Type': 'Index Only Scan', 'Scan Direction': 'Backward', 'Parallel Aware': true },
    ],
    ['Merge', { 'Node Type': 'ModifyTable', Operation: 'Merge' }],
    ['Tid Range Scan', { 'Node Type': 'Tid Range Scan' }],
    ['A Scan of the Future', { 'Node Type': 'A Scan of the Future' }],
  ];
  for (const [name, properties] of names) it(name, () => assert.equal(planOf(properties).nodes[0]?.type, name));

  it('says nothing twice: what names a node is not among its details', () => {
    const plan = fixture('pg15', 'hash-left-join');
    assert.equal(plan.nodes[0]?.type, 'Hash Right Join');
    assert.deepEqual(detailsOf(plan.nodes[0]), [
      { name: 'Inner Unique', value: 'true' },
      { name: 'Hash Cond', value: '(o.customer_id = c.id)' },
    ]);
  });
});
