// Metadata log: a broker was fenced or unfenced, shut down in control, or changed its directories.

import { array, int8, int32, int64, logRecord, uuid } from '../../schema/field.ts';

export const BrokerRegistrationChangeRecord = logRecord({
  type: 17,
  name: 'BrokerRegistrationChangeRecord',
  versions: '0-3',
  flexible: '0+',
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
    /** -1: unfenced; 0: unchanged; 1: fenced. */
    fenced: int8.tag(0),
    inControlledShutdown: int8.since(1).tag(1),
    logDirs: array(uuid).since(2).tag(2),
    cordonedLogDirs: array(uuid).since(3).nullable().default(null).tag(3),
  },
});
