// What an administrator types about streams groups: looked at from all sides, set back, and deleted. For clusters that have
// streams groups, after a word count of Kafka Streams has ended.

import { type Command, command } from './commands.ts';

const GROUP = 'words-app';
const LINES = 'words-lines';

export const streamsCommands: readonly Command[] = [
  command('streamsGroups', '--describe --group nobody'),
  command('streamsGroups', `--describe --group ${GROUP} --state`),
  command('streamsGroups', `--describe --group ${GROUP} --members`),
  command('streamsGroups', `--describe --group ${GROUP} --members --verbose`),
  command('allGroups', `--list --group-type streams --protocol streams`),
  command('groups', `--describe --group ${GROUP}`),
  command('configs', `--describe --entity-type groups --entity-name ${GROUP}`),
  command('streamsGroups', `--reset-offsets --group ${GROUP} --input-topic ${LINES} --to-earliest --dry-run`),
  command('streamsGroups', `--reset-offsets --group ${GROUP} --input-topic ${LINES} --to-offset 7 --execute`),
  command(
    'streamsGroups',
    `--reset-offsets --group ${GROUP} --input-topic ${LINES}:1 --shift-by 3 --execute`,
  ),
  command('streamsGroups', `--delete-offsets --group ${GROUP} --input-topic ${LINES}:0`),
  command('streamsGroups', `--delete-offsets --group ${GROUP} --input-topic nowhere`),
  command('streamsGroups', '--delete --group nobody'),
  command('streamsGroups', `--delete --group ${GROUP}`),
  command('streamsGroups', `--describe --group ${GROUP} --state`),
];
