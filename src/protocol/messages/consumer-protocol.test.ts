// The version in front of the consumer protocol's messages; the messages themselves are in codec-golden.test.ts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../wire/decode-error.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts';

describe('the consumer protocol', () => {
  it('puts the version in front', () => {
    const bytes = encodeSubscription({ topics: ['t'] }, 0);
    assert.equal(bytes.toString('hex'), '00000000000100017' + '4ffffffff');
    assert.deepEqual(decodeSubscription(bytes), {
      topics: ['t'],
      userData: null,
      ownedPartitions: [],
      generationId: -1,
      rackId: null,
    });
    const assignedPartitions = [{ topic: 't', partitions: [0, 2] }];
    const assignment = encodeAssignment({ assignedPartitions }, 3);
    assert.equal(assignment.toString('hex'), '0003000000010001740000000200000000' + '00000002ffffffff');
    assert.deepEqual(decodeAssignment(assignment), { assignedPartitions, userData: null });
  });

  it('reads a newer version as its own newest', () => {
    const newer = Buffer.from(
      '0009' + '0000000100017' + '4ffffffff' + '00000000' + '00000005' + 'ffff' + 'abcd',
      'hex',
    );
    assert.equal(decodeSubscription(newer).generationId, 5);
  });

  it('refuses what is no version', () => {
    assert.throws(() => decodeSubscription(Buffer.from('ffff00000000', 'hex')), /impossible version -1/);
    assert.throws(() => decodeAssignment(Buffer.alloc(1)), DecodeError);
  });
});
