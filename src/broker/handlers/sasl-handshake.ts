// SaslHandshake on a listener without SASL: there is nothing to agree on. Rules: KafkaApis.handleSaslHandshakeRequest.

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
  () => ({ errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] }),
);
