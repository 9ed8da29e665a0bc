// RenewDelegationToken: who owns a token, or may renew it, makes it last on. The token is named by its secret.

import { RenewDelegationToken } from '../../protocol/messages/apis/renew-delegation-token.ts';
import { decideRenewToken } from '../metadata/delegation-tokens.ts';
import { changeToken, tokenRefused } from './change-token.ts';
import { handler } from './handler.ts';

export const renewDelegationToken = handler(
  RenewDelegationToken,
  {
    versions: '1-2',
    acl: { none: 'who knows the secret and is owner or renewer' },
    failed: (_request, errorCode) => tokenRefused(errorCode),
  },
  ({ hmac, renewPeriodMs: periodMs }, context) => changeToken({ hmac, periodMs }, context, decideRenewToken),
);
