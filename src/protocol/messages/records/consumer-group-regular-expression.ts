// __consumer_offsets: the topics a regular expression was last seen to match.

import { array, int64, logRecord, string } from '../../schema/field.ts';

export const ConsumerGroupRegularExpressionKey = logRecord({
  type: 16,
  name: 'ConsumerGroupRegularExpressionKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    regularExpression: string,
  },
});

export const ConsumerGroupRegularExpressionValue = logRecord({
  type: 16,
  name: 'ConsumerGroupRegularExpressionValue',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array(string),
    version: int64,
    timestamp: int64,
  },
});
