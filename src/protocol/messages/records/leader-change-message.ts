// Control record of the metadata log (type 2): a new leader and its voters. Always written as version 0.

import { array, int16, int32, message, struct, uuid } from '../../schema/field.ts';

const voter = struct({
  voterId: int32,
  voterDirectoryId: uuid.since(1),
});

export const LeaderChangeMessage = message({
  name: 'LeaderChangeMessage',
  versions: '0-1',
  flexible: '0+',
  fields: {
    version: int16,
    leaderId: int32,
    voters: array(voter),
    grantingVoters: array(voter),
  },
});
