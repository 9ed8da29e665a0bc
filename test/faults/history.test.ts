// Histories made by hand: one in which all is well, and for each anomaly the same with one thing wrong. A checker that
// finds nothing anywhere would pass every run against a broker.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AnomalyName, anomaliesOf, type History, newHistory, type Read, type Send } from './history.ts';

const sent = (value: string, offset: number | null, more: Partial<Send> = {}): Send => ({
  value,
  partition: 'p',
  producer: 'i',
  transaction: null,
  outcome: offset === null ? 'unknown' : 'ok',
  offset,
  ...more,
});

function read(
  values: readonly (string | null)[],
  isolation: Read['isolation'] = 'uncommitted',
  partition = 'p',
): Read {
  const records = values.flatMap((value, offset) => (value === null ? [] : [{ offset, value }]));
  return { partition, isolation, records, endOffset: values.length };
}

/** Two sends of an idempotent producer, one unknown, a committed and an aborted transaction over two partitions. */
function sound(): History {
  const history = newHistory();
  history.sends.push(
    sent('a', 0),
    sent('b', 1),
    sent('c', null),
    sent('t1', 2, { transaction: 'one' }),
    sent('u1', 0, { transaction: 'one', partition: 'q' }),
    sent('t2', 3, { transaction: 'two' }),
  );
  history.transactions.set('one', { id: 'one', isCommit: true, outcome: 'ok' });
  history.transactions.set('two', { id: 'two', isCommit: false, outcome: 'ok' });
  history.reads.push(read(['a']), read(['a', 'b', 't1', 't2']), read(['u1'], 'uncommitted', 'q'));
  history.reads.push(read(['a', 'b', 't1', null], 'committed'), read(['u1'], 'committed', 'q'));
  for (const [kind, offset] of [
    ['commit', 1],
    ['read', 1],
    ['commit', 2],
    ['read', 2],
  ] as const)
    history.offsets.push({ group: 'g', kind, offset, outcome: 'ok' });
  return history;
}

const WRONG: readonly (readonly [AnomalyName, string, (history: History) => void])[] = [
  ['lost write', 'an acknowledged record is not there', ({ sends }) => sends.push(sent('z', 9))],
  [
    'lost write',
    'a committed transaction is not visible',
    ({ reads }) => {
      reads.push(read(['a', 'b', null, null], 'committed'), read([null], 'committed', 'q'));
    },
  ],
  ['moved offset', 'it is at another offset', ({ sends }) => (sends[0]!.offset = 1)],
  [
    'inconsistent offset',
    'two values at one offset',
    ({ reads, sends }) => {
      sends.push(sent('y', null));
      reads.push(read(['y', 'b', 't1', 't2']));
    },
  ],
  [
    'duplicate',
    'an idempotent value twice',
    ({ reads, sends }) => {
      sends[2]!.outcome = 'unknown';
      reads.push(read(['a', 'b', 't1', 't2', 'c', 'c']));
    },
  ],
  ['unknown value', 'never sent', ({ reads }) => reads.push(read(['a', 'b', 't1', 't2', 'x']))],
  [
    'unknown value',
    'an offset never committed',
    ({ offsets }) => offsets.push({ group: 'g', kind: 'read', offset: 7, outcome: 'ok' }),
  ],
  ['failed write read', 'refused, yet there', ({ sends }) => (sends[1]!.outcome = 'failed')],
  [
    'aborted read',
    'of an aborted transaction',
    ({ reads }) => reads.push(read(['a', 'b', 't1', 't2'], 'committed')),
  ],
  [
    'torn transaction',
    'one partition only',
    ({ reads, transactions }) => {
      transactions.get('one')!.outcome = 'unknown';
      reads.push(read([null], 'committed', 'q'));
    },
  ],
  ['end went back', 'the end is lower than before', ({ reads }) => reads.push(read(['a', 'b', 't1']))],
  ['record went away', 'seen, then not', ({ reads }) => reads.push(read(['a', 'b', null, 't2']))],
  [
    'order',
    'offsets that do not grow',
    ({ reads }) => {
      reads.push({
        ...read(['a', 'b', 't1', 't2']),
        records: [
          { offset: 1, value: 'b' },
          { offset: 0, value: 'a' },
        ],
      });
    },
  ],
  [
    'committed offset lost',
    'lower than acknowledged',
    ({ offsets }) => offsets.push({ group: 'g', kind: 'read', offset: 1, outcome: 'ok' }),
  ],
];

describe('a history', () => {
  it('without anomaly has none', () => assert.deepEqual(anomaliesOf(sound()), []));

  it('may hold the record of a send whose answer never came, or of a plain producer twice', () => {
    const history = sound();
    history.sends.push(sent('plain', 5, { producer: null }));
    history.reads.push(read(['a', 'b', 't1', 't2', 'c', 'plain', 'plain']));
    assert.deepEqual(anomaliesOf(history), []);
  });

  it('may hold a committed transaction behind the begin of one that is still open', () => {
    const history = sound();
    history.sends.push(
      sent('open', 4, { transaction: 'three' }),
      sent('t4', 5, { transaction: 'four' }),
      sent('u4', 1, { transaction: 'four', partition: 'q' }),
    );
    history.transactions.set('three', { id: 'three', isCommit: true, outcome: 'failed' });
    history.transactions.set('four', { id: 'four', isCommit: true, outcome: 'ok' });
    history.reads.push(read(['a', 'b', 't1', 't2', 'open', 't4']), read(['a', 'b', 't1', null], 'committed'));
    history.reads.push(read(['u1', 'u4'], 'uncommitted', 'q'), read(['u1', 'u4'], 'committed', 'q'));
    assert.deepEqual(anomaliesOf(history), []);
  });

  for (const [name, what, spoil] of WRONG) {
    it(`with ${name}: ${what}`, () => {
      const history = sound();
      spoil(history);
      const names = anomaliesOf(history).map(anomaly => anomaly.name);
      assert.ok(names.includes(name), `${name} is not among ${names.join(', ') || 'none'}`);
    });
  }
});
