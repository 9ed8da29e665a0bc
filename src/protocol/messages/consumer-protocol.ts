// The bytes that members of classic consumer groups exchange through the coordinator, which does not need to understand
// them. Both stand behind an int16 version; a reader takes a newer version as its own newest (new fields come last).
// KIPs: 429, 792, 881.

import { codecOf } from '../schema/codec.ts';
import {
  array,
  bytes,
  int32,
  type Message,
  message,
  type RecordDraft,
  type RecordOf,
  string,
  struct,
} from '../schema/field.ts';
import { DecodeError } from '../wire/decode-error.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';

/**
 * What a member of a classic consumer group subscribes to: the metadata inside JoinGroup, behind an int16
 * version. Clients encode it; the broker only reads it.
 */
export const ConsumerProtocolSubscription = message({
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: array(string),
    userData: bytes.nullable().default(null),
    ownedPartitions: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    )
      .since(1)
      .ignorable(),
    generationId: int32.since(2).default(-1).ignorable(),
    rackId: string.since(3).nullable().default(null).ignorable(),
  },
});

/**
 * What a member of a classic consumer group was assigned: the bytes inside SyncGroup, behind an int16
 * version.
 */
export const ConsumerProtocolAssignment = message({
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    ),
    userData: bytes.nullable().default(null),
  },
});

/** Throws DecodeError for what is no subscription: members may send any bytes. */
export function decodeSubscription(bytes: Buffer): RecordOf<typeof ConsumerProtocolSubscription> {
  return decodeVersioned(ConsumerProtocolSubscription, bytes);
}

/** Throws DecodeError for what is no assignment: leaders may send any bytes. */
export function decodeAssignment(bytes: Buffer): RecordOf<typeof ConsumerProtocolAssignment> {
  return decodeVersioned(ConsumerProtocolAssignment, bytes);
}

export function encodeSubscription(
  draft: RecordDraft<typeof ConsumerProtocolSubscription>,
  version: number,
): Buffer {
  return encodeVersioned(ConsumerProtocolSubscription, { draft, version });
}

export function encodeAssignment(
  draft: RecordDraft<typeof ConsumerProtocolAssignment>,
  version: number,
): Buffer {
  return encodeVersioned(ConsumerProtocolAssignment, { draft, version });
}

function decodeVersioned<Value>(definition: Message<Value>, bytes: Buffer): Value {
  const reader = new Reader(bytes);
  const version = reader.int16();
  if (version < 0) throw new DecodeError(`${definition.name} has the impossible version ${version}`);
  return codecOf(definition, Math.min(version, definition.versions.max)).decode(reader);
}

function encodeVersioned<Draft>(
  definition: Message<unknown, Draft>,
  { draft, version }: { readonly draft: Draft; readonly version: number },
): Buffer {
  const writer = new Writer();
  writer.int16(version);
  codecOf(definition, version).encode(writer, draft);
  return writer.toBuffer();
}
