import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import { ScramServer } from './scram.ts';

// The exchange of RFC 7677, section 3.
const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
const salted = pbkdf2Sync('pencil', salt, 4096, 32, 'sha256');
const clientKey = createHmac('sha256', salted).update('Client Key').digest();
const credential = {
  salt,
  iterations: 4096,
  storedKey: createHash('sha256').update(clientKey).digest(),
  serverKey: createHmac('sha256', salted).update('Server Key').digest(),
};
const FIRST = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO';
const NONCE = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const FINAL = `c=biws,r=rOprNGfwEbeRWgbNEkqO${NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`;

function server() {
  const known = (name: string) => (name === 'user' ? credential : undefined);
  return new ScramServer({ hash: 'sha256', credential: known, newNonce: () => NONCE });
}

const say = (to: ScramServer, text: string) => to.evaluate(Buffer.from(text)).toString();

test('the exchange of RFC 7677 is held to the byte', () => {
  const scram = server();
  assert.equal(say(scram, FIRST), `r=rOprNGfwEbeRWgbNEkqO${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
  assert.equal(say(scram, FINAL), 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  assert.deepEqual(scram.outcome, { name: 'user', expiresAtMs: null });
});

test('another nonce, proof, channel binding or user ends in a refusal at the last step', () => {
  const wrong = [
    FINAL.replace('k0', 'k1'),
    FINAL.replace(`${NONCE},`, ','),
    FINAL.replace('p=d', 'p=e'),
    FINAL.replace('biws', 'eSws'),
    FINAL.replace(/p=.*/, 'p=AAAA'),
  ];
  for (const text of wrong) {
    const scram = server();
    say(scram, FIRST);
    assert.throws(() => say(scram, text), { name: 'SaslFailure', isForClient: false }, text);
    assert.equal(scram.outcome, null);
  }
  const stranger = server();
  assert.match(say(stranger, FIRST.replace('user', 'nobody')), /^r=.*,s=.*,i=4096$/);
  assert.throws(() => say(stranger, FINAL), { name: 'SaslFailure', isForClient: false });
});

test('messages out of form and another authorization id are refused at the first step', () => {
  for (const text of ['', 'n,,n=,r=x', 'y,,n=user,r=x', 'n,,n=us=er,r=x']) {
    assert.throws(() => say(server(), text), { name: 'SaslFailure', isForClient: false }, text);
  }
  assert.throws(() => say(server(), 'n,a=admin,n=user,r=x'), { isForClient: true });
});

test('an unknown delegation token is refused at the first step', async () => {
  const scram = server();
  await assert.rejects(async () => scram.evaluate(Buffer.from('n,,n=user,r=x,tokenauth=true')), {
    name: 'SaslFailure',
    isForClient: false,
  });
  assert.equal(scram.outcome, null);
});
