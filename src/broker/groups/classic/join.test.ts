// What transcripts (test/transcripts/groups) are too small for.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ErrorCode } from '../../../protocol/errors.ts';
import { defaultGroupSettings } from '../group-settings.ts';
import { ClassicGroup } from './classic-group.ts';
import { decideJoin, MEMBERS_MAX } from './join.ts';

const request = {
  groupId: 'g',
  memberId: '',
  groupInstanceId: null,
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 60_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  reason: null,
};
const command = { request, apiVersion: 9, clientId: 'client', clientHost: '/127.0.0.1', ticket: 1 };
const context = { nowMs: 0, settings: defaultGroupSettings, newUuid: () => 'uuid' };

it('gives out no more ids than a group may ever have members', () => {
  const group = new ClassicGroup('g', 0);
  for (let index = 0; index < MEMBERS_MAX; index++) group.pendingJoins.add(`member-${index}`);
  const [refused] = decideJoin(group, command, context).answers;
  assert.equal(refused?.response.errorCode, ErrorCode.GROUP_MAX_SIZE_REACHED);
  const back = { ...command, request: { ...request, memberId: 'member-7' } };
  const decision = decideJoin(group, back, context);
  assert.equal(decision.group?.members.size, 1);
  assert.equal(group.members.size, 0, 'the group that others see is untouched');
});

it('takes no more metadata of a member than it could ever use', () => {
  const protocols = [
    { name: 'range', metadata: Buffer.alloc(3 * 1024 * 1024) },
    { name: 'sticky', metadata: Buffer.alloc(2 * 1024 * 1024) },
  ];
  const decision = decideJoin(undefined, { ...command, request: { ...request, protocols } }, context);
  assert.equal(decision.answers[0]?.response.errorCode, ErrorCode.MESSAGE_TOO_LARGE);
  assert.deepEqual(decision.records, []);
});
