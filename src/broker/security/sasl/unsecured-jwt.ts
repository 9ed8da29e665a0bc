// Tokens without a signature, as OAuthBearerUnsecuredValidatorCallbackHandler accepts them: anybody may write one, so this
// protects nothing. Apache Kafka does this by default for OAUTHBEARER; here only for a JAAS entry that asks for it with an
// `unsecuredValidator…` option (see docs/security.md).

import { parseJwt } from './jwt.ts';
import { TokenError, type TokenValidator } from './oauth-bearer.ts';

export const UNSECURED_OPTION_PREFIX = 'unsecuredValidator';

export function unsecuredValidator(
  options: ReadonlyMap<string, string>,
  nowMs: () => number,
): TokenValidator {
  const option = (name: string) => options.get(`${UNSECURED_OPTION_PREFIX}${name}`)?.trim() ?? '';
  const principalClaimName = option('PrincipalClaimName') || 'sub';
  const scopeClaimName = option('ScopeClaimName') || 'scope';
  const requiredScopes = option('RequiredScope').split(/\s+/).filter(Boolean);
  const clockSkewMs = Number(option('AllowableClockSkewMs') || 0);
  return text => {
    const { header, claims, signature } = parseJwt(text);
    if (header['alg'] !== 'none' || signature.length > 0) {
      throw new TokenError('it is signed, and this listener takes unsecured tokens only');
    }
    const principalName = claims[principalClaimName];
    if (typeof principalName !== 'string' || principalName === '') {
      throw new TokenError(`its claim ${principalClaimName} names nobody`);
    }
    const issuedAt = secondsOf(claims, 'iat');
    const expiration = secondsOf(claims, 'exp');
    if (expiration === null) throw new TokenError('it does not say when it expires (exp)');
    if (issuedAt !== null && issuedAt * 1000 > nowMs() + clockSkewMs) {
      throw new TokenError('it was issued in the future');
    }
    if (nowMs() - clockSkewMs >= expiration * 1000) throw new TokenError('it has expired');
    if (issuedAt !== null && expiration <= issuedAt) throw new TokenError('it expires before it was issued');
    const scopes = scopesOf(claims[scopeClaimName]);
    if (!requiredScopes.every(scope => scopes.includes(scope))) {
      throw new TokenError('a required scope is missing', `[${requiredScopes.join(', ')}]`);
    }
    return { principalName, expiresAtMs: Math.round(expiration * 1000) };
  };
}

function secondsOf(claims: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = claims[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number') throw new TokenError(`its claim ${name} is no number`);
  return value;
}

function scopesOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.filter(scope => typeof scope === 'string');
  return typeof claim === 'string' ? claim.split(/\s+/).filter(Boolean) : [];
}
