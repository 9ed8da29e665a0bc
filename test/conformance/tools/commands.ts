// The commands of the tools run: what an administrator types, in an order that leads from an empty cluster through topics,
// configuration, offsets, quotas and credentials to an empty cluster again. {bootstrap} is the cluster.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLASSES = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  configs: 'kafka.admin.ConfigCommand',
  groups: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  offsets: 'org.apache.kafka.tools.GetOffsetShell',
  records: 'org.apache.kafka.tools.DeleteRecordsCommand',
  logDirs: 'org.apache.kafka.tools.LogDirsCommand',
  versions: 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  cluster: 'org.apache.kafka.tools.ClusterTool',
  features: 'org.apache.kafka.tools.FeatureCommand',
  quorum: 'org.apache.kafka.tools.MetadataQuorumCommand',
  election: 'org.apache.kafka.tools.LeaderElectionCommand',
  reassign: 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  acls: 'org.apache.kafka.tools.AclCommand',
  tokens: 'org.apache.kafka.tools.DelegationTokenCommand',
  transactions: 'org.apache.kafka.tools.TransactionsCommand',
  allGroups: 'org.apache.kafka.tools.GroupsCommand',
  metrics: 'org.apache.kafka.tools.ClientMetricsCommand',
  producer: 'org.apache.kafka.tools.ProducerPerformance',
  streamsGroups: 'org.apache.kafka.tools.streams.StreamsGroupCommand',
  shareGroups: 'org.apache.kafka.tools.consumer.group.ShareGroupCommand',
  shareConsumer: 'org.apache.kafka.tools.consumer.ConsoleShareConsumer',
} as const;

export interface Command {
  readonly name: string;
  readonly className: string;
  readonly words: readonly string[];
  /** Why the two differ on purpose. */
  readonly apart?: string;
}

type Tool = keyof typeof CLASSES;

export function command(
  tool: Tool,
  text: string,
  options: { readonly apart?: string; readonly bootstrap?: string } = {},
): Command {
  const { apart, bootstrap = '--bootstrap-server' } = options;
  return {
    name: `${tool} ${text}`,
    className: CLASSES[tool],
    words: [bootstrap, '{bootstrap}', ...wordsOf(text)],
    ...(apart === undefined ? {} : { apart }),
  };
}

/** As a shell would split them: single quotes hold blanks together. */
function wordsOf(text: string): string[] {
  return Array.from(text.matchAll(/'([^']*)'|[^\s']+/g), ([word, quoted]) => quoted ?? word);
}

/** Files that commands read; removed with `close`. */
export class CommandFiles {
  readonly #directory = mkdtempSync(join(tmpdir(), 'kafka-tools-'));

  write(name: string, content: unknown): string {
    const path = join(this.#directory, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const topics: readonly Command[] = [
  command(
    'topics',
    '--create --topic orders --partitions 3 --replication-factor 1 --config retention.ms=86400000',
  ),
  command('topics', '--create --topic orders --partitions 3 --replication-factor 1'),
  command('topics', '--create --if-not-exists --topic orders'),
  command('topics', '--create --topic two-copies --partitions 1 --replication-factor 2'),
  command('topics', "--create --topic 'not valid' --partitions 1"),
  command('topics', '--create --topic wrong --config speed=1'),
  command('topics', '--create --topic placed --replica-assignment 1,1'),
  command('topics', '--create --topic misplaced --replica-assignment 7'),
  command('topics', '--list'),
  command('topics', '--describe --topic orders'),
  command('topics', '--describe'),
  command('topics', '--describe --topic nope'),
  command('topics', '--describe --topics-with-overrides'),
  command('topics', '--describe --under-replicated-partitions'),
  command('topics', '--describe --unavailable-partitions'),
  command('topics', '--alter --topic orders --partitions 4'),
  command('topics', '--alter --topic orders --partitions 2'),
  command('topics', '--alter --topic nope --partitions 2'),
  command('topics', '--describe --topic orders'),
];

const configs: readonly Command[] = [
  command('configs', '--describe --entity-type topics --entity-name orders'),
  command('configs', '--describe --all --entity-type topics --entity-name orders'),
  command(
    'configs',
    '--alter --entity-type topics --entity-name orders --add-config cleanup.policy=[compact,delete],segment.bytes=2000000',
  ),
  command('configs', '--alter --entity-type topics --entity-name orders --delete-config retention.ms'),
  command('configs', '--alter --entity-type topics --entity-name orders --delete-config flush.ms'),
  command('configs', '--alter --entity-type topics --entity-name orders --add-config segment.bytes=many'),
  command('configs', '--alter --entity-type topics --entity-name nope --add-config segment.bytes=2000000'),
  command('configs', '--describe --entity-type topics --entity-name orders'),
  command('configs', '--describe --entity-type topics'),
  command('configs', '--alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=2'),
  command('configs', '--describe --entity-type brokers --entity-name 1'),
  command('configs', '--alter --entity-type brokers --entity-default --add-config message.max.bytes=2000000'),
  command('configs', '--describe --entity-type brokers --entity-default'),
  command('configs', '--alter --entity-type brokers --entity-name 1 --add-config log.dirs=/x'),
  command('configs', '--alter --entity-type brokers --entity-name 1 --delete-config log.cleaner.threads'),
  command('configs', '--alter --entity-type brokers --entity-default --delete-config message.max.bytes'),
  command(
    'configs',
    '--alter --entity-type groups --entity-name g --add-config consumer.session.timeout.ms=50000',
  ),
  command('configs', '--describe --entity-type groups --entity-name g'),
  command('configs', '--describe --entity-type groups'),
  command(
    'configs',
    '--alter --entity-type client-metrics --entity-name m --add-config interval.ms=1000,metrics=[org.apache.kafka.]',
  ),
  command('configs', '--describe --entity-type client-metrics --entity-name m'),
  command('metrics', '--list'),
  command('metrics', '--describe --name m'),
  command('metrics', '--delete --name m'),
];

const quotas: readonly Command[] = [
  command(
    'configs',
    '--alter --entity-type users --entity-name alice --add-config producer_byte_rate=1048576,request_percentage=50.5',
  ),
  command(
    'configs',
    '--alter --entity-type users --entity-name alice --entity-type clients --entity-name app --add-config consumer_byte_rate=2048',
  ),
  command(
    'configs',
    '--alter --entity-type clients --entity-default --add-config controller_mutation_rate=1000000',
  ),
  command(
    'configs',
    '--alter --entity-type ips --entity-name 10.0.0.7 --add-config connection_creation_rate=50',
  ),
  command(
    'configs',
    '--alter --entity-type ips --entity-name 999.0.0.7 --add-config connection_creation_rate=50',
  ),
  command('configs', '--alter --entity-type users --entity-name alice --add-config speed=1'),
  command('configs', '--alter --entity-type users --entity-name alice --add-config producer_byte_rate=-1'),
  command('configs', '--describe --entity-type users --entity-name alice'),
  command('configs', '--describe --entity-type users'),
  command('configs', '--describe --entity-type users --entity-type clients'),
  command('configs', '--describe --entity-type clients --entity-default'),
  command('configs', '--describe --entity-type ips'),
  command('configs', '--alter --entity-type users --entity-name alice --delete-config request_percentage'),
  command('configs', '--describe --entity-type users --entity-name alice'),
  command(
    'configs',
    '--alter --entity-type clients --entity-default --delete-config controller_mutation_rate',
  ),
];

const credentials: readonly Command[] = [
  command(
    'configs',
    "--alter --entity-type users --entity-name sam --add-config 'SCRAM-SHA-256=[iterations=8192,password=secret]'",
  ),
  command(
    'configs',
    "--alter --entity-type users --entity-name sam --add-config 'SCRAM-SHA-512=[password=secret]'",
  ),
  command(
    'configs',
    "--alter --entity-type users --entity-name sam --add-config 'SCRAM-SHA-256=[iterations=1,password=secret]'",
  ),
  command(
    'configs',
    "--alter --entity-type users --entity-name sam --add-config 'SCRAM-SHA-256=[iterations=99999,password=secret]'",
  ),
  command('configs', '--describe --entity-type users --entity-name sam'),
  command('configs', '--describe --entity-type users'),
  command('configs', '--alter --entity-type users --entity-name sam --delete-config SCRAM-SHA-512'),
  command('configs', '--alter --entity-type users --entity-name sam --delete-config SCRAM-SHA-512'),
  command('configs', '--describe --entity-type users --entity-name sam'),
  command('acls', '--list'),
  command('acls', '--add --allow-principal User:alice --operation Read --topic orders'),
  command('tokens', '--describe --command-config /dev/null'),
];

function records(files: CommandFiles): Command[] {
  const deletion = files.write('delete-records.json', {
    partitions: [
      { topic: 'orders', partition: 0, offset: 0 },
      { topic: 'orders', partition: 1, offset: -1 },
      { topic: 'single', partition: 0, offset: 15 },
    ],
    version: 1,
  });
  return [
    command(
      'configs',
      '--alter --entity-type topics --entity-name orders --add-config cleanup.policy=delete',
    ),
    command('topics', '--create --topic single --partitions 1'),
    command('producer', '--topic single --num-records 40 --record-size 10 --throughput -1'),
    command('offsets', '--topic single --time latest'),
    command('offsets', '--topic orders --time latest'),
    command('offsets', '--topic-partitions orders:0-2 --time earliest'),
    command('offsets', '--topic orders --time 0'),
    command('offsets', '--topic nope'),
    command('records', `--offset-json-file ${deletion}`),
    command('offsets', '--topic single --time earliest'),
    command('logDirs', '--describe --topic-list orders,single'),
    command('logDirs', '--describe --broker-list 7'),
  ];
}

const groups: readonly Command[] = [
  command('groups', '--list'),
  command('groups', '--describe --group nobody'),
  command('groups', '--reset-offsets --group readers --topic orders --to-earliest'),
  command('groups', '--reset-offsets --group readers --topic orders --to-earliest --execute'),
  command('groups', '--reset-offsets --group readers --topic orders:1 --shift-by 2 --execute'),
  command('groups', '--reset-offsets --group readers --topic single --shift-by 2 --execute'),
  command('groups', '--reset-offsets --group readers --topic nope --to-earliest --execute'),
  command('groups', '--reset-offsets --group readers --all-topics --to-current --export'),
  command('groups', '--describe --group readers'),
  command('groups', '--describe --group readers --members'),
  command('groups', '--describe --group readers --state'),
  command('groups', '--describe --all-groups'),
  command('groups', '--list --state'),
  command('groups', '--list --type classic'),
  command('allGroups', '--list'),
  command('groups', '--delete-offsets --group readers --topic orders:0'),
  command('groups', '--delete-offsets --group readers --topic nope'),
  command('groups', '--delete-offsets --group nobody --topic orders'),
  command('groups', '--describe --group readers --offsets'),
  command('groups', '--delete --group readers'),
  command('groups', '--delete --group readers'),
];

function layout(files: CommandFiles): Command[] {
  const partitions = [{ topic: 'orders', partition: 0, replicas: [1], log_dirs: ['any'] }];
  const stay = files.write('stay.json', { version: 1, partitions });
  const leave = files.write('leave.json', {
    version: 1,
    partitions: [{ topic: 'orders', partition: 0, replicas: [7] }],
  });
  const some = files.write('topics.json', { version: 1, topics: [{ topic: 'orders' }] });
  const elect = files.write('elect.json', { partitions: [{ topic: 'orders', partition: 0 }] });
  return [
    command('election', '--election-type preferred --topic orders --partition 0'),
    command('election', '--election-type unclean --topic orders --partition 1'),
    command('election', '--election-type preferred --topic orders --partition 9'),
    command('election', `--election-type preferred --path-to-json-file ${elect}`),
    command('election', '--election-type preferred --all-topic-partitions'),
    command('reassign', '--list'),
    command('reassign', `--generate --topics-to-move-json-file ${some} --broker-list 1`),
    command('reassign', `--execute --reassignment-json-file ${stay}`),
    command('reassign', `--verify --reassignment-json-file ${stay}`),
    command('reassign', `--execute --reassignment-json-file ${leave}`),
    command('reassign', `--cancel --reassignment-json-file ${stay}`),
  ];
}

const node: readonly Command[] = [
  {
    name: 'cluster cluster-id',
    className: CLASSES.cluster,
    words: ['cluster-id', '--bootstrap-server', '{bootstrap}'],
  },
  {
    name: 'cluster list-endpoints',
    className: CLASSES.cluster,
    words: ['list-endpoints', '--bootstrap-server', '{bootstrap}'],
  },
  {
    name: 'cluster unregister',
    className: CLASSES.cluster,
    words: ['unregister', '--bootstrap-server', '{bootstrap}', '--id', '7'],
  },
  command('quorum', 'describe --status'),
  command('quorum', 'describe --replication'),
  command('features', 'describe'),
  command('features', 'upgrade --dry-run --feature transaction.version=2'),
  command('features', 'upgrade --dry-run --metadata 4.1-IV1'),
  command('features', 'upgrade --dry-run --feature speed.version=1'),
  command('features', 'downgrade --dry-run --metadata 3.7-IV0'),
  command('transactions', 'list'),
  command('transactions', 'describe --transactional-id nobody'),
  command('transactions', 'describe-producers --topic orders --partition 0'),
  command('transactions', 'find-hanging --broker-id 1'),
  command('versions', ''),
];

const farewell: readonly Command[] = [
  command('topics', '--delete --topic orders'),
  command('topics', '--delete --topic nope'),
  command('topics', '--delete --if-exists --topic nope'),
  command('topics', '--delete --topic placed'),
  command('topics', '--delete --topic single'),
  command('topics', '--list --exclude-internal'),
];

export function commandsOf(files: CommandFiles): readonly Command[] {
  return [
    ...topics,
    ...configs,
    ...quotas,
    ...credentials,
    ...records(files),
    ...groups,
    ...layout(files),
    ...node,
    ...farewell,
  ];
}
