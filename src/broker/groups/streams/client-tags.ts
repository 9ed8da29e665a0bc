// Tags of a Kafka Streams process (rack, zone, …), by key. Apache Kafka fails on one that is given twice.

import { KafkaError } from '../../../protocol/errors.ts';

export function clientTagsOf(
  tags: readonly { readonly key: string; readonly value: string }[],
): ReadonlyMap<string, string> {
  const byKey = new Map(tags.map(({ key, value }) => [key, value]));
  if (byKey.size < tags.length) throw new KafkaError('UNKNOWN_SERVER_ERROR');
  return byKey;
}
