import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import { parseJsonWebKeys } from './json-web-keys.ts';
import { type JwtRules, jwtValidator } from './jwt.ts';

const NOW_MS = 1_700_000_000_000;
const SECONDS = NOW_MS / 1000;
const CLAIMS = { sub: 'carol', iat: SECONDS, exp: SECONDS + 60 };
const rules: JwtRules = {
  expectedAudiences: [],
  expectedIssuer: null,
  clockSkewMs: 0,
  scopeClaimName: 'scope',
  subClaimName: 'sub',
  nowMs: () => NOW_MS,
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function tokenOf(alg: string, hash: string | null, key: Parameters<typeof sign>[2], claims: object = CLAIMS) {
  const signed = `${part({ alg })}.${part(claims)}`;
  return `${signed}.${sign(hash, Buffer.from(signed), key).toString('base64url')}`;
}

function validatorOf(publicKey: KeyObject, more: Partial<JwtRules> = {}) {
  const keys = parseJsonWebKeys(JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }));
  return jwtValidator({ find: async () => keys }, { ...rules, ...more });
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

for (const bits of [256, 384, 512]) {
  test(`PS${bits} and RS${bits} are verified, and one is not taken for the other`, async () => {
    const hash = `sha${bits}`;
    const validate = validatorOf(rsa.publicKey);
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const pss = { key: rsa.privateKey, padding, saltLength: bits / 8 };
    assert.equal((await validate(tokenOf(`PS${bits}`, hash, pss))).principalName, 'carol');
    assert.equal((await validate(tokenOf(`RS${bits}`, hash, rsa.privateKey))).principalName, 'carol');
    await assert.rejects(
      async () => validate(tokenOf(`PS${bits}`, hash, rsa.privateKey)),
      /signature is wrong/,
    );
    await assert.rejects(async () => validate(tokenOf(`RS${bits}`, hash, pss)), /signature is wrong/);
  });
}

for (const [alg, hash, namedCurve] of [
  ['ES256', 'sha256', 'P-256'],
  ['ES384', 'sha384', 'P-384'],
  ['ES512', 'sha512', 'P-521'],
] as const) {
  test(`${alg} is verified with its curve, in the form of RFC 7518 and not of DER`, async () => {
    const { publicKey, privateKey: key } = generateKeyPairSync('ec', { namedCurve });
    const validate = validatorOf(publicKey);
    const good = tokenOf(alg, hash, { key, dsaEncoding: 'ieee-p1363' });
    assert.equal((await validate(good)).expiresAtMs, (SECONDS + 60) * 1000);
    await assert.rejects(
      async () => validate(tokenOf(alg, hash, { key, dsaEncoding: 'der' })),
      /signature is wrong/,
    );
    const other = generateKeyPairSync('ec', { namedCurve: namedCurve === 'P-256' ? 'P-384' : 'P-256' });
    await assert.rejects(async () => validatorOf(other.publicKey)(good), /no key of the key set fits/);
  });
}

test('EdDSA is verified', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  assert.equal((await validatorOf(publicKey)(tokenOf('EdDSA', null, privateKey))).principalName, 'carol');
});

test('a token that names an audience is refused when none is expected, as Apache Kafka refuses it', async () => {
  const token = tokenOf('RS256', 'sha256', rsa.privateKey, { ...CLAIMS, aud: 'kafka' });
  await assert.rejects(async () => validatorOf(rsa.publicKey)(token), /expected.audience is not set/);
  const { principalName } = await validatorOf(rsa.publicKey, { expectedAudiences: ['kafka'] })(token);
  assert.equal(principalName, 'carol');
});
