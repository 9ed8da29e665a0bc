// Metadata log: state of a migration from ZooKeeper. Always NONE in logs of Kafka 4.

import { int8, logRecord } from '../../schema/field.ts';

export const ZkMigrationStateRecord = logRecord({
  type: 21,
  name: 'ZkMigrationStateRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    zkMigrationState: int8,
  },
});
