// Metadata log: a topic exists, with its id.

import { logRecord, string, uuid } from '../../schema/field.ts';

export const TopicRecord = logRecord({
  type: 2,
  name: 'TopicRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string,
    topicId: uuid,
  },
});
