// One step of a SASL exchange.
// KIPs: 152, 368.
// Errors: ILLEGAL_SASL_STATE, SASL_AUTHENTICATION_FAILED.

import { api, bytes, int16, int64, string } from '../../schema/field.ts';

export const SaslAuthenticate = api({
  key: 36,
  name: 'SaslAuthenticate',
  versions: '0-2',
  flexible: '2+',
  request: {
    authBytes: bytes,
  },
  response: {
    errorCode: int16,
    errorMessage: string.nullable(),
    authBytes: bytes,
    sessionLifetimeMs: int64.since(1).default(0n).ignorable(),
  },
});
