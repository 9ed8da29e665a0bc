// What a topic may be called, in Apache Kafka's rules and words (org.apache.kafka.common.internals.Topic). Names that
// differ only in `.` and `_` collide, because metrics cannot tell them apart.

export const GROUP_METADATA_TOPIC = '__consumer_offsets';
export const TRANSACTION_STATE_TOPIC = '__transaction_state';
export const SHARE_GROUP_STATE_TOPIC = '__share_group_state';
export const CLUSTER_METADATA_TOPIC = '__cluster_metadata';
export type InternalTopicName =
  | typeof GROUP_METADATA_TOPIC
  | typeof TRANSACTION_STATE_TOPIC
  | typeof SHARE_GROUP_STATE_TOPIC;
const INTERNAL_TOPICS: ReadonlySet<string> = new Set<InternalTopicName>([
  GROUP_METADATA_TOPIC,
  TRANSACTION_STATE_TOPIC,
  SHARE_GROUP_STATE_TOPIC,
]);
const NAME_LENGTH_MAX = 249;

export function isInternalTopic(name: string): name is InternalTopicName {
  return INTERNAL_TOPICS.has(name);
}

/** Why the name is not allowed, or null. */
export function problemOfTopicName(name: string): string | null {
  const problem = detectProblem(name);
  return problem === null ? null : `Topic name is invalid: ${problem}`;
}

function detectProblem(name: string): string | null {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return `'${name}' is not allowed`;
  if (name.length > NAME_LENGTH_MAX) {
    return `the length of '${name}' is longer than the max allowed length ${NAME_LENGTH_MAX}`;
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  }
  return null;
}

export function hasCollisionCharacters(name: string): boolean {
  return name.includes('.') || name.includes('_');
}

export function unifyCollisionCharacters(name: string): string {
  return name.replaceAll('.', '_');
}
