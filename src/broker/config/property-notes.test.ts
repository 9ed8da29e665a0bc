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

it('says that an authorizer does not protect', () => {
  const properties = new Map([
    ['authorizer.class.name', 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'],
  ]);
  assert.match(notesOn(properties)[0] ?? '', /checks no ACLs: whoever reaches a listener may do everything/);
});
