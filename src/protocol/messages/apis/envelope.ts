// A client's request that a broker forwards to the controller, with the client's principal.
// Between brokers and controllers only.
// KIPs: 590.

import { api, bytes, int16 } from '../../schema/field.ts';

export const Envelope = api({
  key: 58,
  name: 'Envelope',
  versions: '0',
  flexible: '0+',
  request: {
    requestData: bytes,
    requestPrincipal: bytes.nullable(),
    clientHostAddress: bytes,
  },
  response: {
    responseData: bytes.nullable().default(null),
    errorCode: int16,
  },
});
