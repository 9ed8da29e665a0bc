// __consumer_offsets: the tasks a member of a Streams group shall own.

import { array, int32, logRecord, string, struct } from '../../schema/field.ts';

const taskIds = struct({
  subtopologyId: string,
  partitions: array(int32),
});

export const StreamsGroupTargetAssignmentMemberKey = logRecord({
  type: 21,
  name: 'StreamsGroupTargetAssignmentMemberKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string,
    memberId: string,
  },
});

export const StreamsGroupTargetAssignmentMemberValue = logRecord({
  type: 21,
  name: 'StreamsGroupTargetAssignmentMemberValue',
  versions: '0',
  flexible: '0+',
  fields: {
    activeTasks: array(taskIds),
    standbyTasks: array(taskIds),
    warmupTasks: array(taskIds),
  },
});
