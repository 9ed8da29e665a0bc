// Share sessions: which epoch is right when, how many there may be, and what ends with a connection.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KafkaError } from '../../protocol/errors.ts';
import type { SessionPartition } from './share-session.ts';
import { ShareSessions } from './share-sessions.ts';

const TOPIC_ID = 'vPsMVAE2Rl2Q8WeYoJ9EJg';
const partition = (number: number): SessionPartition => ({ topicId: TOPIC_ID, partition: number });

function open({ sessionsMax = 2 } = {}) {
  const heard: string[] = [];
  const sessions = new ShareSessions({
    sessionsMax: () => sessionsMax,
    partitionsMax: 10,
    onLeft: ({ key }) => heard.push(`${key.memberId} left`),
    onGroupEmpty: groupId => heard.push(`${groupId} is empty`),
  });
  const connections = new Map<number, AbortController>();
  const connection = (id: number) => {
    const controller = connections.get(id) ?? new AbortController();
    connections.set(id, controller);
    return { id, signal: controller.signal };
  };
  const ask = (
    memberId: string,
    epoch: number,
    more: {
      named?: SessionPartition[];
      forgotten?: SessionPartition[];
      acknowledges?: boolean;
      on?: number;
    } = {},
  ) => {
    try {
      const { partitions } = sessions.open({
        groupId: 'g',
        memberId,
        epoch,
        named: more.named ?? [],
        forgotten: more.forgotten ?? [],
        hasAcknowledgements: more.acknowledges ?? false,
        connection: connection(more.on ?? 1),
      });
      return partitions?.map(each => each.partition) ?? 'final';
    } catch (error) {
      return error instanceof KafkaError ? error.errorName : error;
    }
  };
  return { sessions, heard, ask, disconnect: (id: number) => connections.get(id)?.abort() };
}

it('counts epochs, and knows what changed', () => {
  const { ask, sessions } = open();
  assert.equal(ask('m1', 1), 'SHARE_SESSION_NOT_FOUND');
  assert.equal(ask('m1', -1), 'SHARE_SESSION_NOT_FOUND');
  assert.equal(ask('m1', 0, { acknowledges: true }), 'INVALID_REQUEST');
  assert.deepEqual(ask('m1', 0, { named: [partition(0)] }), [0]);
  assert.deepEqual(ask('m1', 1, { named: [partition(2), partition(0)] }), [0, 2]);
  assert.equal(ask('m1', 1), 'INVALID_SHARE_SESSION_EPOCH');
  assert.equal(ask('m1', 3), 'INVALID_SHARE_SESSION_EPOCH');
  sessions.acknowledge({ groupId: 'g', memberId: 'm1' }, 2);
  assert.deepEqual(ask('m1', 3, { forgotten: [partition(0)] }), [2]);
  assert.equal(ask('m1', -1), 'final');
  assert.equal(sessions.close({ groupId: 'g', memberId: 'm1' })?.partitions.length, 1);
  assert.equal(ask('m1', 4), 'SHARE_SESSION_NOT_FOUND');
});

it('has no more than the limit, and evicts nobody', () => {
  const { ask, sessions } = open();
  ask('m1', 0);
  ask('m2', 0, { on: 2 });
  assert.equal(ask('m3', 0, { on: 3 }), 'SHARE_SESSION_LIMIT_REACHED');
  assert.deepEqual(ask('m1', 0), [], 'who has one may begin anew');
  assert.equal(sessions.size, 2);
});

it('has a bound on what all of them name together', () => {
  const { ask, sessions } = open({ sessionsMax: 9 });
  const many = Array.from({ length: 6 }, (_, index) => partition(index));
  assert.notEqual(ask('m1', 0, { named: many }), 'SHARE_SESSION_LIMIT_REACHED');
  assert.equal(ask('m2', 0, { named: many, on: 2 }), 'SHARE_SESSION_LIMIT_REACHED');
  assert.equal(ask('m1', 1, { named: many }), 'SHARE_SESSION_LIMIT_REACHED');
  sessions.close({ groupId: 'g', memberId: 'm1' });
  assert.notEqual(ask('m2', 0, { named: many, on: 2 }), 'SHARE_SESSION_LIMIT_REACHED');
});

it('ends a session with the connection that opened it', () => {
  const { ask, heard, disconnect } = open({ sessionsMax: 9 });
  ask('m1', 0);
  ask('m2', 0, { on: 2 });
  disconnect(1);
  assert.deepEqual(heard, ['m1 left']);
  assert.equal(ask('m1', 1, { on: 3 }), 'SHARE_SESSION_NOT_FOUND');
  disconnect(2);
  assert.deepEqual(heard, ['m1 left', 'm2 left', 'g is empty']);
});

it('leaves a session that another connection has begun anew', () => {
  const { ask, heard, disconnect } = open();
  ask('m1', 0, { on: 1 });
  ask('m1', 0, { on: 2 });
  disconnect(1);
  assert.deepEqual(heard, []);
  assert.deepEqual(ask('m1', 1, { on: 2 }), []);
});

it('answers a partition that is new, that has records, or that has an error, once', () => {
  const { sessions, ask } = open();
  ask('m1', 0, { named: [partition(0)] });
  ask('m1', 1, { named: [partition(1)] });
  const session = sessions.close({ groupId: 'g', memberId: 'm1' })!;
  const tell = (number: number, errorCode: number, hasRecords: boolean) =>
    session.tell(partition(number), { errorCode, hasRecords });
  assert.equal(tell(0, 0, false), false);
  assert.equal(tell(1, 0, false), true, 'new');
  assert.equal(tell(1, 0, false), false);
  assert.equal(tell(0, 3, false), true);
  assert.equal(tell(0, 0, false), true, 'well again');
  assert.equal(tell(0, 0, true), true);
  assert.deepEqual(
    session.partitions.map(each => each.partition),
    [1, 0],
    'who gave records is last',
  );
});
