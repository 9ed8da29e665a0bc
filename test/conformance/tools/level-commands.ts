// The commands whose output hangs on the cluster's levels: what is finalized, what a topic's description says of leader
// replicas, and what may be upgraded or not.

import { type Command, command } from './commands.ts';

export const levelCommands: readonly Command[] = [
  command('topics', '--create --topic levels --partitions 2'),
  command('topics', '--describe --topic levels'),
  command('topics', '--describe --under-min-isr-partitions'),
  command('topics', '--alter --topic levels --partitions 3'),
  command('topics', '--describe --topic levels'),
  command('features', 'describe'),
  command('features', 'upgrade --dry-run --release-version 4.3'),
  command('features', 'upgrade --dry-run --release-version 4.0'),
  command('features', 'upgrade --dry-run --metadata 4.0-IV3'),
  command('features', 'downgrade --dry-run --metadata 4.0-IV3'),
  command('features', 'downgrade --dry-run --metadata 4.2-IV1'),
  command('features', 'downgrade --dry-run --feature eligible.leader.replicas.version=0'),
  command('features', 'disable --dry-run --feature eligible.leader.replicas.version'),
  command('features', 'upgrade --feature group.version=1'),
  command('configs', '--describe --entity-type brokers --entity-default'),
  command('configs', '--alter --entity-type brokers --entity-default --add-config min.insync.replicas=2'),
  command('configs', '--alter --entity-type brokers --entity-default --delete-config min.insync.replicas'),
  command('configs', '--alter --entity-type brokers --entity-name 1 --add-config min.insync.replicas=1'),
  command('configs', '--alter --entity-type topics --entity-name levels --add-config min.insync.replicas=2'),
  command('configs', '--describe --entity-type brokers --entity-default'),
  command('configs', '--describe --entity-type topics --entity-name levels'),
  command('topics', '--describe --under-min-isr-partitions'),
  command('topics', '--describe --at-min-isr-partitions'),
  command('logDirs', '--describe --topic-list levels'),
  command('quorum', 'describe --status'),
  command('versions', ''),
];
