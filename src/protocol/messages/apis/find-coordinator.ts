// Which broker coordinates a group, a transactional id or a share partition. From version 4 on several keys
// at once.
// KIPs: 98, 699, 890, 932.
// Errors: COORDINATOR_NOT_AVAILABLE, INVALID_GROUP_ID, GROUP_AUTHORIZATION_FAILED, INVALID_REQUEST,
// TRANSACTIONAL_ID_AUTHORIZATION_FAILED.

import { api, array, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const FindCoordinator = api({
  key: 10,
  name: 'FindCoordinator',
  versions: '0-6',
  flexible: '3+',
  request: {
    key: string.until(3),
    /** 0: group; 1: transactional id; 2: share partition (`groupId:topicId:partition`). */
    keyType: int8.since(1).default(0),
    coordinatorKeys: array(string).since(4),
  },
  response: {
    throttleTimeMs: int32.since(1).ignorable(),
    errorCode: int16.until(3),
    errorMessage: string.since(1).until(3).nullable().ignorable(),
    nodeId: int32.until(3),
    host: string.until(3),
    port: int32.until(3),
    coordinators: array(
      struct({
        key: string,
        nodeId: int32,
        host: string,
        port: int32,
        errorCode: int16,
        errorMessage: string.nullable().ignorable(),
      }),
    ).since(4),
  },
});
