// The rule of event sourcing, for transactions: after any run of requests and timeouts, on a disk that now and then
// refuses, the state is what the records they produced replay to. Only the epoch before the last is not in the log.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/properties.ts';
import { Words } from '../../../test/transcripts/groups/group-commands.ts';
import { commands } from '../../../test/transcripts/transactions/transaction-commands.ts';
import { TransactionWorld } from '../../../test/transcripts/transactions/transaction-world.ts';
import type { Transaction } from './transaction.ts';

const IDS = ['t', 'u'];
const PRODUCERS = ['A', 'B', 'C'];

const who = fc
  .tuple(fc.constantFrom(...PRODUCERS), fc.constantFrom(...IDS))
  .map(([name, id]) => `${name} id=${id}`);
const version = fc.constantFrom('', ' v=2');
const partitions = fc.constantFrom('orders-0', 'orders-1', 'orders-0 orders-1');
const command = fc.oneof(
  { weight: 4, arbitrary: who.map(of => `init ${of} timeout=10s`) },
  { weight: 2, arbitrary: who.map(of => `init ${of} again`) },
  {
    weight: 6,
    arbitrary: fc.tuple(who, partitions, version).map(([of, names, v]) => `add ${of} ${names}${v}`),
  },
  { weight: 4, arbitrary: fc.tuple(who, version).map(([of, v]) => `commit ${of}${v}`) },
  { weight: 4, arbitrary: fc.tuple(who, version).map(([of, v]) => `abort ${of}${v}`) },
  { weight: 1, arbitrary: fc.constantFrom('given t 500/32765', 'given u 600/32766', 'server 1', 'server 2') },
  { weight: 3, arbitrary: fc.constantFrom('advance 1s', 'advance 6s', 'advance 11s', 'advance 8d') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'hold',
      'release',
      'hold orders-0',
      'release orders-0',
      'refuse',
      'refuse orders-1',
    ),
  },
  { weight: 1, arbitrary: fc.constant('restart') },
);

/** The disk takes the marker after a restart, but not the record that the transaction is over. */
const REFUSED_WHILE_RESUMED = [
  'refuse orders-1',
  'init A id=u timeout=10s',
  'add A id=u orders-1',
  'init A id=u timeout=10s',
  'refuse',
  'restart',
];

describe('replay', () => {
  it('gives the state that the requests gave', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 60 }), lines => {
        const world = new TransactionWorld();
        world.coordinator.start();
        for (const line of lines) {
          const [name, ...words] = line.split(' ');
          commands.get(name ?? '')?.(world, new Words(words));
        }
        const replayed = world.replayed();
        for (const id of IDS) {
          assert.deepEqual(inTheLog(world.coordinator.running(id)), inTheLog(replayed.get(id)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ends every transaction once disks work and time passes', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 40 }), lines => {
        const world = new TransactionWorld();
        world.coordinator.start();
        for (const line of [...lines, 'release', 'release orders-0', 'advance 1m', 'advance 1m']) {
          const [name, ...words] = line.split(' ');
          commands.get(name ?? '')?.(world, new Words(words));
        }
        for (const id of IDS) {
          assert.match(
            world.coordinator.running(id)?.state ?? 'Empty',
            /^(Empty|CompleteCommit|CompleteAbort)$/,
          );
        }
      }),
      { numRuns: 300, examples: [[REFUSED_WHILE_RESUMED]] },
    );
  });
});

function inTheLog(transaction: Transaction | undefined) {
  if (transaction === undefined) return undefined;
  const { lastProducerEpoch, partitions: added, ...rest } = transaction;
  return { ...rest, partitions: [...added] };
}
