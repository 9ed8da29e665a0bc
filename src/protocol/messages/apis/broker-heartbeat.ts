// A broker tells the controller that it lives.
// Between brokers and controllers only.
// KIPs: 631.

import { api, array, bool, int16, int32, int64, offset, uuid } from '../../schema/field.ts';

export const BrokerHeartbeat = api({
  key: 63,
  name: 'BrokerHeartbeat',
  versions: '0-2',
  flexible: '0+',
  request: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    currentMetadataOffset: offset,
    wantFence: bool,
    wantShutDown: bool,
    offlineLogDirs: array(uuid).since(1).tag(0),
    cordonedLogDirs: array(uuid).since(2).nullable().default(null).tag(1),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    isCaughtUp: bool.default(false),
    isFenced: bool.default(true),
    shouldShutDown: bool,
  },
});
