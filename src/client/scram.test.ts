import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { AuthenticationError } from './errors.ts';
import { ScramExchange, scramKeys } from './scram.ts';

interface GoldenScram {
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly password: string;
  readonly iterations: number;
  readonly saltHex: string;
  readonly storedKeyHex: string;
  readonly serverKeyHex: string;
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/hashes.json', import.meta.url), 'utf8'),
) as { scram: GoldenScram[] };

// The example of RFC 7677, section 3.
const RFC_7677 = {
  options: { hash: 'sha256', username: 'user', password: 'pencil', nonce: 'rOprNGfwEbeRWgbNEkqO' },
  first: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  final:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
} as const;

describe('SCRAM', () => {
  for (const { mechanism, password, iterations, saltHex, storedKeyHex, serverKeyHex } of golden.scram) {
    it(`derives Apache Kafka's keys for ${mechanism} and "${password.slice(0, 20)}"`, async () => {
      const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
      const keys = await scramKeys({ hash, password, salt: Buffer.from(saltHex, 'hex'), iterations });
      assert.equal(keys.storedKey.toString('hex'), storedKeyHex);
      assert.equal(keys.serverKey.toString('hex'), serverKeyHex);
    });
  }

  it('says what RFC 7677 says', async () => {
    const exchange = new ScramExchange(RFC_7677.options);
    assert.equal(exchange.first(), RFC_7677.first);
    assert.equal(await exchange.final(RFC_7677.serverFirst), RFC_7677.final);
    exchange.verify(RFC_7677.serverFinal);
  });

  it('escapes "=" and "," in names', () => {
    const exchange = new ScramExchange({ ...RFC_7677.options, username: 'a=b,c' });
    assert.equal(exchange.first(), 'n,,n=a=3Db=2Cc,r=rOprNGfwEbeRWgbNEkqO');
  });

  const refused = {
    'a nonce that is not an extension of ours': 'r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    'our nonce alone': 'r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    'too few iterations': 'r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1',
    'iterations that would cost minutes': 'r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=999999999',
    'no salt': 'r=rOprNGfwEbeRWgbNEkqOx,i=4096',
  };
  for (const [what, serverFirst] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const exchange = new ScramExchange(RFC_7677.options);
      await assert.rejects(exchange.final(serverFirst), AuthenticationError);
    });
  }

  it('refuses a server that cannot prove itself', async () => {
    const exchange = new ScramExchange(RFC_7677.options);
    await exchange.final(RFC_7677.serverFirst);
    assert.throws(() => exchange.verify('v=AAAA'), AuthenticationError);
    assert.throws(() => exchange.verify('e=invalid-proof'), /invalid-proof/);
  });
});
