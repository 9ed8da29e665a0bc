// The value of a transaction marker (control types 0, abort, and 1, commit; KIP-98).

import { int32, message } from '../../schema/field.ts';

export const EndTxnMarker = message({
  name: 'EndTxnMarker',
  versions: '0',
  flexible: 'none',
  fields: {
    coordinatorEpoch: int32,
  },
});
