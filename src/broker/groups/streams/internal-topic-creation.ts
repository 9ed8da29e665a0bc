// Creates the internal topics of streams groups on behalf of their members: a member's heartbeat says what is missing, and
// the topics are on their way when it is answered. Why one could not be made is remembered for two heartbeats, told to the
// members that ask meanwhile, and only then tried again. Follows Apache Kafka's AutoTopicCreationManager.

import { errorOf } from '../../../protocol/errors.ts';
import { apiErrorOf } from '../../metadata/api-error.ts';
import { type CreatedTopic, refusedTopic } from '../../metadata/create-topics.ts';
import type { Metadata } from '../../metadata/metadata.ts';
import type { TakeMutations } from '../../metadata/operation-limit.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { InternalTopic } from './configure-topology.ts';

/** Topics whose failure is remembered, of all groups together: the oldest makes room. */
const REMEMBERED_MAX = 1_000;
/** "The broker's default", as CreateTopics says it. */
const DEFAULT_REPLICATION = -1;

interface Failure {
  readonly message: string;
  readonly untilMs: number;
}

export interface CreateInternalTopics {
  readonly topics: Iterable<InternalTopic>;
  /** How long a failure is remembered. */
  readonly failureTtlMs: number;
  readonly takeMutations: TakeMutations | undefined;
}

export class InternalTopicCreation {
  readonly #metadata: Pick<Metadata, 'createTopics'>;
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failure>();
  readonly #underWay = new Set<string>();

  constructor(metadata: Pick<Metadata, 'createTopics'>, clock: Clock) {
    this.#metadata = metadata;
    this.#clock = clock;
  }

  /** By topic, why it could not be made a short while ago. */
  failuresOf(topics: Iterable<string>): ReadonlyMap<string, string> {
    const failures = new Map<string, string>();
    for (const topic of topics) {
      const failure = this.#failures.get(topic);
      if (failure !== undefined && failure.untilMs > this.#clock.nowMs())
        failures.set(topic, failure.message);
    }
    return failures;
  }

  create({ topics, failureTtlMs, takeMutations }: CreateInternalTopics): void {
    const all = [...topics];
    const failed = this.failuresOf(all.map(({ name }) => name));
    const wanted = all.filter(({ name }) => !failed.has(name) && !this.#underWay.has(name));
    if (wanted.length === 0) return;
    for (const { name } of wanted) this.#underWay.add(name);
    const command = { topics: wanted.map(newTopicOf), validateOnly: false, takeMutations };
    this.#metadata
      .createTopics(command, error => wanted.map(({ name }) => refusedTopic(name, apiErrorOf(error))))
      .whenComplete(created => {
        for (const { name } of wanted) this.#underWay.delete(name);
        for (const topic of created) this.#remember(topic, failureTtlMs);
      });
  }

  #remember({ name, error }: CreatedTopic, ttlMs: number): void {
    if (error.code === 0) return;
    const nowMs = this.#clock.nowMs();
    this.#failures.delete(name);
    for (const [topic, { untilMs }] of this.#failures) if (untilMs <= nowMs) this.#failures.delete(topic);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size >= REMEMBERED_MAX && oldest !== undefined) this.#failures.delete(oldest);
    this.#failures.set(name, { message: error.message || errorOf(error.code).text, untilMs: nowMs + ttlMs });
  }
}

function newTopicOf({ name, partitionCount, replicationFactor, configs }: InternalTopic) {
  return {
    name,
    numPartitions: partitionCount,
    replicationFactor: replicationFactor === 0 ? DEFAULT_REPLICATION : replicationFactor,
    assignments: [],
    configs: [...configs].map(([name, value]) => ({ name, value })),
  };
}
