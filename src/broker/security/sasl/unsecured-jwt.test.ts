import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsecuredValidator } from './unsecured-jwt.ts';

const NOW_MS = 1_700_000_000_000;
const SECONDS = NOW_MS / 1000;
const CLAIMS = { sub: 'carol', user: 'dora', scope: 'a b', iat: SECONDS, exp: SECONDS + 60 };

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: object, alg = 'none', signature = '') =>
  `${part({ alg })}.${part(claims)}.${signature}`;

async function principalOf(token: string, options: Record<string, string> = {}): Promise<string> {
  const named = Object.entries(options).map(([name, value]) => [`unsecuredValidator${name}`, value] as const);
  return (await unsecuredValidator(new Map(named), () => NOW_MS)(token)).principalName;
}

test('the claim that names the principal may be another one', async () => {
  assert.equal(await principalOf(tokenOf(CLAIMS)), 'carol');
  assert.equal(await principalOf(tokenOf(CLAIMS), { PrincipalClaimName: 'user' }), 'dora');
  await assert.rejects(principalOf(tokenOf(CLAIMS), { PrincipalClaimName: 'nobody' }), /names nobody/);
});

test('what is signed is not taken: nobody would verify it', async () => {
  await assert.rejects(principalOf(tokenOf(CLAIMS, 'RS256', 'AAAA')), /unsecured tokens only/);
  await assert.rejects(principalOf(tokenOf(CLAIMS, 'none', 'AAAA')), /unsecured tokens only/);
});

test('times are heeded, within the skew', async () => {
  const late = tokenOf({ ...CLAIMS, iat: SECONDS - 60, exp: SECONDS - 1 });
  await assert.rejects(principalOf(late), /has expired/);
  assert.equal(await principalOf(late, { AllowableClockSkewMs: '2000' }), 'carol');
  await assert.rejects(principalOf(tokenOf({ ...CLAIMS, iat: SECONDS + 5 })), /in the future/);
  await assert.rejects(principalOf(tokenOf({ sub: 'carol' })), /when it expires/);
});

test('every required scope must be there', async () => {
  assert.equal(await principalOf(tokenOf(CLAIMS), { RequiredScope: 'b a' }), 'carol');
  await assert.rejects(principalOf(tokenOf(CLAIMS), { RequiredScope: 'a c' }), /required scope is missing/);
});
