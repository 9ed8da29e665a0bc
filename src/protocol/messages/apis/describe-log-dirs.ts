// Log directories of a broker, what lies in them and how much room is left.
// KIPs: 113, 827.
// Errors: CLUSTER_AUTHORIZATION_FAILED, KAFKA_STORAGE_ERROR.

import { api, array, bool, int16, int32, int64, string, struct } from '../../schema/field.ts';

export const DescribeLogDirs = api({
  key: 35,
  name: 'DescribeLogDirs',
  versions: '1-5',
  flexible: '2+',
  request: {
    topics: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    ).nullable(),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16.since(3).ignorable(),
    results: array(
      struct({
        errorCode: int16,
        logDir: string,
        topics: array(
          struct({
            name: string,
            partitions: array(
              struct({
                partitionIndex: int32,
                partitionSize: int64,
                offsetLag: int64,
                isFutureKey: bool,
              }),
            ),
          }),
        ),
        totalBytes: int64.since(4).default(-1n).ignorable(),
        usableBytes: int64.since(4).default(-1n).ignorable(),
        isCordoned: bool.since(5).default(false).ignorable(),
      }),
    ),
  },
});
