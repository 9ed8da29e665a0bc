// What an administrator types about share groups: a group that comes to be by its offsets, is read by the console's share
// consumer, looked at from all sides, set back, and deleted. For clusters that have share groups.

import { type Command, command } from './commands.ts';

export const shareCommands: readonly Command[] = [
  command('topics', '--create --topic shared-tool --partitions 1'),
  command('producer', '--topic shared-tool --num-records 30 --record-size 10 --throughput -1'),
  command('shareGroups', '--list'),
  command('shareGroups', '--describe --group tool-sharers'),
  command('shareGroups', '--describe --group tool-sharers --state'),
  command('shareGroups', '--delete --group tool-sharers'),
  command('shareGroups', '--reset-offsets --group tool-sharers --topic shared-tool --to-earliest --dry-run'),
  command('shareGroups', '--list'),
  command('shareGroups', '--reset-offsets --group tool-sharers --topic shared-tool --to-earliest --execute'),
  command('shareGroups', '--list'),
  command('shareGroups', '--list --state'),
  command('shareGroups', '--list --state stable'),
  command('shareGroups', '--describe --group tool-sharers'),
  command('shareGroups', '--describe --group tool-sharers --verbose'),
  command('shareGroups', '--describe --group tool-sharers --members'),
  command('shareGroups', '--describe --group tool-sharers --members --verbose'),
  command('shareGroups', '--describe --group tool-sharers --state'),
  command('shareGroups', '--describe --group tool-sharers --state --verbose'),
  command('shareGroups', '--describe --all-groups'),
  command(
    'shareConsumer',
    '--topic shared-tool --group tool-sharers --max-messages 30 --formatter-property print.value=false',
  ),
  command('shareGroups', '--describe --group tool-sharers'),
  command(
    'shareGroups',
    '--reset-offsets --group tool-sharers --topic shared-tool:0 --to-earliest --execute',
  ),
  command('shareGroups', '--describe --group tool-sharers'),
  command('shareGroups', '--reset-offsets --group tool-sharers --all-topics --to-latest --execute'),
  command('shareGroups', '--describe --group tool-sharers'),
  command(
    'shareGroups',
    '--reset-offsets --group tool-sharers --topic shared-tool --to-datetime 2000-01-01T00:00:00.000 --execute',
  ),
  command('shareGroups', '--delete-offsets --group tool-sharers --topic nothing-shared'),
  command('shareGroups', '--delete-offsets --group tool-sharers --topic shared-tool'),
  command('shareGroups', '--describe --group tool-sharers'),
  command('allGroups', '--list --group-type share'),
  command('allGroups', '--list --share'),
  command(
    'configs',
    '--alter --entity-type groups --entity-name tool-sharers --add-config share.auto.offset.reset=earliest',
  ),
  command('configs', '--describe --entity-type groups --entity-name tool-sharers'),
  command(
    'configs',
    '--alter --entity-type groups --entity-name tool-sharers --add-config share.auto.offset.reset=first',
  ),
  command(
    'configs',
    '--alter --entity-type groups --entity-name tool-sharers --add-config share.session.timeout.ms=1',
  ),
  command(
    'configs',
    '--alter --entity-type groups --entity-name tool-sharers --delete-config share.auto.offset.reset',
  ),
  command('groups', '--describe --group tool-sharers'),
  command('groups', '--delete --group tool-sharers-not'),
  command('shareGroups', '--delete --group tool-sharers'),
  command('shareGroups', '--list'),
  command('topics', '--delete --topic shared-tool'),
];
