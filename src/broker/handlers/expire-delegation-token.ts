// ExpireDelegationToken: who owns a token, or may renew it, sets its end, or takes it away. The token is named by its secret.

import { ExpireDelegationToken } from '../../protocol/messages/apis/expire-delegation-token.ts';
import { decideExpireToken } from '../metadata/delegation-tokens.ts';
import { changeToken, tokenRefused } from './change-token.ts';
import { handler } from './handler.ts';

export const expireDelegationToken = handler(
  ExpireDelegationToken,
  {
    versions: '1-2',
    acl: { none: 'who knows the secret and is owner or renewer' },
    failed: (_request, errorCode) => tokenRefused(errorCode),
  },
  ({ hmac, expiryTimePeriodMs: periodMs }, context) =>
    changeToken({ hmac, periodMs }, context, decideExpireToken),
);
