// Notes on properties.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { notesOn } from './property-notes.ts';

it('names unknown keys once, and leaves known and listener keys alone', () => {
  const properties = new Map([
    ['num.partitons', '3'],
    ['num.partitions', '3'],
    ['a.b', ''],
    ['listener.name.external.ssl.keystore.location', '/x'],
    ['authorizer.class.name', ''],
  ]);
  assert.deepEqual(notesOn(properties), [
    'Not known to Apache Kafka 4.3.1, kept and without effect: a.b, num.partitons. Check the spelling if you count on them.',
  ]);
});

it('knows the properties of the authorizer', () => {
  const properties = new Map([
    ['authorizer.class.name', 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'],
    ['super.users', 'User:admin'],
    ['allow.everyone.if.no.acl.found', 'true'],
  ]);
  assert.deepEqual(notesOn(properties), []);
});
