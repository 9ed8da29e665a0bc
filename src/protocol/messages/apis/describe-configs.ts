// Reads configuration of topics, brokers, groups and client metrics, with its sources.
// KIPs: 133, 226.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION, TOPIC_AUTHORIZATION_FAILED,
// CLUSTER_AUTHORIZATION_FAILED, INVALID_REQUEST.

import { api, array, bool, int8, int16, int32, string, struct } from '../../schema/field.ts';

export const DescribeConfigs = api({
  key: 32,
  name: 'DescribeConfigs',
  versions: '1-4',
  flexible: '4+',
  request: {
    resources: array(
      struct({
        /** 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group. */
        resourceType: int8,
        resourceName: string,
        /** Null: all keys. */
        configurationKeys: array(string).nullable(),
      }),
    ),
    includeSynonyms: bool.default(false),
    includeDocumentation: bool.since(3).default(false),
  },
  response: {
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            value: string.nullable(),
            readOnly: bool,
            /**
             * 1: topic; 2: dynamic broker; 3: dynamic default broker; 4: static broker; 5: default; 6: dynamic
             * broker logger; 7: client metrics; 8: group.
             */
            configSource: int8.default(-1).ignorable(),
            isSensitive: bool,
            synonyms: array(
              struct({
                name: string,
                value: string.nullable(),
                source: int8,
              }),
            ).ignorable(),
            /** 1: boolean; 2: string; 3: int; 4: short; 5: long; 6: double; 7: list; 8: class; 9: password. */
            configType: int8.since(3).default(0).ignorable(),
            documentation: string.since(3).nullable().ignorable(),
          }),
        ),
      }),
    ),
  },
});
