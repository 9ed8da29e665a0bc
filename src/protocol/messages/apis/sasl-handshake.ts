// Chooses a SASL mechanism. Version 1 is followed by SaslAuthenticate; with version 0 raw tokens followed.
// KIPs: 43.
// Errors: UNSUPPORTED_SASL_MECHANISM, ILLEGAL_SASL_STATE.

import { api, array, int16, string } from '../../schema/field.ts';

export const SaslHandshake = api({
  key: 17,
  name: 'SaslHandshake',
  versions: '0-1',
  flexible: 'none',
  request: {
    mechanism: string,
  },
  response: {
    errorCode: int16,
    mechanisms: array(string),
  },
});
