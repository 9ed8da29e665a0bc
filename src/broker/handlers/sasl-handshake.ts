// SaslHandshake names the mechanism of the login that follows; on a listener without SASL there is nothing to agree on.
// The rules are those of the connection's login: security/sasl/sasl-session.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { SaslHandshake } from '../../protocol/messages/apis/sasl-handshake.ts';
import { handler } from './handler.ts';

export const saslHandshake = handler(
  SaslHandshake,
  {
    versions: '0-1',
    acl: { none: 'it comes before authentication' },
    failed: (_request, errorCode) => ({ errorCode, mechanisms: [] }),
  },
  ({ mechanism }, { connection, apiVersion }) =>
    connection.authentication?.handshake(mechanism, apiVersion) ?? {
      errorCode: ErrorCode.ILLEGAL_SASL_STATE,
      mechanisms: [],
    },
);
