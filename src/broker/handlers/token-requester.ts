// Who may ask about delegation tokens, and principals as token requests have them. Rules: KafkaApis.allowTokenRequests.

import type { ConnectionInfo } from './handler.ts';

const ANONYMOUS = 'User:ANONYMOUS';

/** Somebody who is known, and not by a token: a token must not beget tokens. */
export function mayAskAboutTokens(connection: ConnectionInfo): boolean {
  const { isTokenAuthenticated = false, authentication = null, principal } = connection;
  return !isTokenAuthenticated && (authentication !== null || principal !== ANONYMOUS);
}

export interface PrincipalParts {
  readonly principalType: string;
  readonly principalName: string;
}

/** `User:name`, where the name may have colons of its own. */
export function partsOf(principal: string): PrincipalParts {
  const colon = principal.indexOf(':');
  return { principalType: principal.slice(0, colon), principalName: principal.slice(colon + 1) };
}

export function principalOf({ principalType, principalName }: PrincipalParts): string {
  return `${principalType}:${principalName}`;
}
