// Metadata log: a topic is deleted.

import { logRecord, uuid } from '../../schema/field.ts';

export const RemoveTopicRecord = logRecord({
  type: 9,
  name: 'RemoveTopicRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    topicId: uuid,
  },
});
