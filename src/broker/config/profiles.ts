// What Millrace sets where the user sets nothing. `dev` is for one developer and their tests: no waiting for members who
// will not come, none between two assignments. `kafka` leaves every default as Apache Kafka has it. Either way the values show as static ones.

export type Profile = 'dev' | 'kafka';

const ALWAYS: readonly (readonly [string, string])[] = [
  ['node.id', '1'],
  ['listeners', 'PLAINTEXT://127.0.0.1:9094,PLAINTEXT://[::1]:9094'],
  // One node keeps one copy; Apache Kafka's defaults of three could never be met.
  ['offsets.topic.replication.factor', '1'],
  ['transaction.state.log.replication.factor', '1'],
  ['transaction.state.log.min.isr', '1'],
];

const DEV: readonly (readonly [string, string])[] = [
  ['auto.create.topics.enable', 'true'],
  ['group.initial.rebalance.delay.ms', '0'],
  ['group.consumer.assignment.interval.ms', '0'],
  ['group.share.assignment.interval.ms', '0'],
  ['group.streams.initial.rebalance.delay.ms', '0'],
  ['group.streams.assignment.interval.ms', '0'],
];

export function withProfile(profile: Profile, properties: ReadonlyMap<string, string>): Map<string, string> {
  const all = new Map([...ALWAYS, ...(profile === 'dev' ? DEV : []), ...properties]);
  // Either name of the node's id gives the other (KafkaConfig.populateSynonyms).
  const nodeId = properties.get('node.id') ?? properties.get('broker.id') ?? all.get('node.id')!;
  return all.set('node.id', nodeId).set('broker.id', nodeId);
}
