// SaslAuthenticate carries one message of a login (KIP-152); on a listener without SASL the connection is whoever it is
// already. The rules are those of the connection's login: security/sasl/sasl-session.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { SaslAuthenticate } from '../../protocol/messages/apis/sasl-authenticate.ts';
import { handler } from './handler.ts';

const NOTHING = Buffer.alloc(0);

export const saslAuthenticate = handler(
  SaslAuthenticate,
  {
    versions: '0-2',
    acl: { none: 'it is the authentication' },
    failed: (_request, errorCode, message) => refused(errorCode, message),
  },
  ({ authBytes }, { connection, apiVersion }) =>
    connection.authentication?.authenticate(authBytes, apiVersion) ??
    refused(
      ErrorCode.ILLEGAL_SASL_STATE,
      'SaslAuthenticate request received after successful authentication',
    ),
);

function refused(errorCode: number, errorMessage: string | null) {
  return { errorCode, errorMessage, authBytes: NOTHING };
}
