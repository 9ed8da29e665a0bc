// Metadata log: a controller has registered (KIP-919).

import { array, bool, int16, int32, logRecord, string, struct, uint16, uuid } from '../../schema/field.ts';

export const RegisterControllerRecord = logRecord({
  type: 27,
  name: 'RegisterControllerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    controllerId: int32,
    incarnationId: uuid,
    zkMigrationReady: bool,
    endPoints: array(
      struct({
        name: string,
        host: string,
        port: uint16,
        securityProtocol: int16,
      }),
    ),
    features: array(
      struct({
        name: string,
        minSupportedVersion: int16,
        maxSupportedVersion: int16,
      }),
    ),
  },
});
