import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { subjectOf } from './distinguished-name.ts';
import { principalMapper } from './principal-mapping.ts';

const RULES = [
  'RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/L',
  'RULE:^CN=(.*?),OU=(.*?),O=(.*?),L=(.*?),ST=(.*?),C=(.*?)$/$1@$2/L',
  'RULE:^cn=(.*?),ou=(.*?),dc=(.*?),dc=(.*?)$/$1@$2/U',
  String.raw`RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/U`,
  'DEFAULT',
].join(', ');

test("the first rule that fits names the principal, as in Apache Kafka's own cases", () => {
  const nameOf = principalMapper(RULES);
  const cases = [
    ['CN=Duke,OU=ServiceUsers,O=Org,C=US', 'duke'],
    ['CN=Duke,OU=SME,O=mycp,L=Fulton,ST=MD,C=US', 'duke@sme'],
    ['cn=duke,ou=sme,dc=mycp,dc=com', 'DUKE@SME'],
    ['cN=duke,OU=JavaSoft,O=Sun Microsystems', 'DUKE'],
    ['OU=JavaSoft,O=Sun Microsystems,C=US', 'OU=JavaSoft,O=Sun Microsystems,C=US'],
  ] as const;
  for (const [subject, name] of cases) assert.equal(nameOf(subject), name);
});

test('a name that no rule fits has no principal, and a rule that is none is refused', () => {
  assert.equal(principalMapper('RULE:^CN=x$/y/')('CN=z'), null);
  for (const wrong of ['default', 'DEFAUL', 'RULE:', 'RULE:^CN=(.*?)$', 'RULE:^CN=(.*?)/L']) {
    assert.throws(() => principalMapper(wrong), /Invalid rule/, wrong);
  }
});

test('a number beyond the groups stands for itself', () => {
  assert.equal(principalMapper('RULE:^CN=(.*?)$/$1@$4/')('CN=a'), 'a@$4');
  assert.equal(principalMapper('RULE:^CN=(.*?)$/$12/')('CN=a'), 'a2');
});

test('the subject of a certificate is written as RFC 2253 has it', () => {
  const file = new URL('../../../../test/golden/certificates/client-store.pem', import.meta.url);
  const certificate = new X509Certificate(readFileSync(file));
  assert.equal(subjectOf(certificate.raw), String.raw`CN=alice,OU=Tests,O=Mill\, race,C=DE`);
});
