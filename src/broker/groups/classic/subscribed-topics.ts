// Which topics the members of a classic consumer group read, as far as the broker can tell: the one place where it looks
// into the bytes that members exchange. Offsets of other topics may expire while the group lives, and may be deleted.

import { ConsumerProtocolSubscription } from '../../../protocol/messages/consumer-protocol.ts';
import { codecOf } from '../../../protocol/schema/codec.ts';
import { DecodeError } from '../../../protocol/wire/decode-error.ts';
import { Reader } from '../../../protocol/wire/reader.ts';
import type { ClassicGroup } from './classic-group.ts';

export const CONSUMER_PROTOCOL_TYPE = 'consumer';

export function usesConsumerProtocol(group: ClassicGroup): boolean {
  return group.protocolType === CONSUMER_PROTOCOL_TYPE;
}

/** Null: not known (another protocol type, or bytes that are no subscription). */
export function subscribedTopics(group: ClassicGroup): ReadonlySet<string> | null {
  if (!usesConsumerProtocol(group)) return null;
  if (group.members.size === 0) return new Set();
  if (group.protocolName === null) return null;
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    const names = topicsOf(group.metadataOf(member));
    if (names === null) return null;
    for (const name of names) topics.add(name);
  }
  return topics;
}

/** Only version 0's fields: every version begins with them. */
function topicsOf(subscription: Buffer): string[] | null {
  try {
    const reader = new Reader(subscription);
    if (reader.int16() < 0) return null;
    return codecOf(ConsumerProtocolSubscription, 0).decode(reader).topics;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
