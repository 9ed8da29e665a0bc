// The authorizer around the index, and the properties that turn it on.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseAclSettings } from './acl-settings.ts';
import { StandardAuthorizer } from './standard-authorizer.ts';

const CLASS = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';
const read = { operation: 3, resourceType: 2, resourceName: 'orders', isLogged: true };
const alice = { principal: 'User:alice', remoteAddress: '127.0.0.1' };

function open(properties: Readonly<Record<string, string>>) {
  const settings = parseAclSettings(
    new Map(Object.entries({ 'authorizer.class.name': CLASS, ...properties })),
  );
  assert.ok(settings !== undefined);
  const reports: string[] = [];
  let nowMs = 0;
  const authorizer = new StandardAuthorizer({
    settings,
    clock: { nowMs: () => nowMs },
    report: message => reports.push(message),
  });
  return {
    authorizer,
    reports,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

function deny(resourceName: string, host = '*') {
  return {
    resourceType: 2,
    resourceName,
    patternType: 3,
    principal: 'User:*',
    host,
    operation: 2,
    permissionType: 2,
  };
}

it('lets super users do what is denied, and nobody else what is not allowed', () => {
  const { authorizer } = open({ 'super.users': ' User:admin ; User:CN=a,O=b;' });
  authorizer.reset(new Map([['1', deny('orders')]]));
  assert.equal(authorizer.isAllowed({ ...alice, principal: 'User:admin' }, read), true);
  assert.equal(authorizer.isAllowed({ ...alice, principal: 'User:CN=a,O=b' }, read), true);
  assert.equal(authorizer.isAllowed(alice, read), false);
  assert.equal(authorizer.isAllowed(alice, { ...read, resourceName: 'other' }), false);
});

it('allows what has no ACL when told so, and then only that', () => {
  const { authorizer } = open({ 'allow.everyone.if.no.acl.found': 'true' });
  authorizer.reset(new Map([['1', { ...deny('orders'), principal: 'User:bob' }]]));
  assert.equal(authorizer.isAllowed(alice, { ...read, resourceName: 'other' }), true);
  assert.equal(authorizer.isAllowed(alice, read), false);
  authorizer.changed(['1'], new Map());
  assert.equal(authorizer.isAllowed(alice, read), true);
});

it('knows addresses as Java writes them', () => {
  const { authorizer } = open({ 'allow.everyone.if.no.acl.found': 'true' });
  authorizer.reset(new Map([['1', { ...deny('orders', '0:0:0:0:0:0:0:1'), permissionType: 3 }]]));
  assert.equal(authorizer.isAllowed({ ...alice, remoteAddress: '::1' }, read), true);
  assert.equal(authorizer.isAllowed({ ...alice, remoteAddress: '127.0.0.1' }, read), false);
  authorizer.reset(new Map([['1', { ...deny('orders', '127.0.0.1'), permissionType: 3 }]]));
  assert.equal(authorizer.isAllowed({ ...alice, remoteAddress: '::ffff:127.0.0.1' }, read), true);
});

it('says what was denied, but not for ever', () => {
  const { authorizer, reports, pass } = open({});
  for (let i = 0; i < 1000; i++) authorizer.isAllowed(alice, read);
  assert.equal(reports.length, 10);
  assert.match(reports[0] ?? '', /^Principal User:alice from 127.0.0.1 was denied READ on TOPIC orders\./);
  authorizer.isAllowed(alice, { ...read, isLogged: false });
  pass(10_000);
  authorizer.isAllowed(alice, read);
  assert.deepEqual(reports.slice(10), [
    '990 more operations were denied by ACLs and not listed.',
    reports[0],
  ]);
});

it('refuses an authorizer it cannot run, and users it cannot read', () => {
  assert.equal(parseAclSettings(new Map()), undefined);
  assert.throws(
    () => open({ 'authorizer.class.name': 'com.example.Own' }),
    /no way to run it\. Nothing was started/,
  );
  assert.throws(() => open({ 'super.users': 'User:a;bob' }), /super\.users has "bob"/);
});
