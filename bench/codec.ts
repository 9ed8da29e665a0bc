// What reading and writing messages costs, and why codecs are generated functions: the same declarations as a tree of
// closures run beside them. `node bench/codec.ts` prints the median of some rounds in microseconds per message.
// The closures here know what these messages need and no more (no bounds, no defaults): their numbers flatter them.

import { Fetch } from '../src/protocol/messages/apis/fetch.ts';
import { Heartbeat } from '../src/protocol/messages/apis/heartbeat.ts';
import { Metadata } from '../src/protocol/messages/apis/metadata.ts';
import { OffsetCommit } from '../src/protocol/messages/apis/offset-commit.ts';
import { Produce } from '../src/protocol/messages/apis/produce.ts';
import { codecOf } from '../src/protocol/schema/codec.ts';
import type { AnyField, Fields, Message } from '../src/protocol/schema/field.ts';
import {
  defaultOf,
  isInline,
  isNullable,
  isPresent,
  type Target,
  taggedFields,
} from '../src/protocol/schema/source.ts';
import { Reader, ZERO_UUID } from '../src/protocol/wire/reader.ts';
import { Writer } from '../src/protocol/wire/writer.ts';

const ROUNDS = 9;
const WARM_UP_MS = 150;
const ROUND_MS = 60;

type Decode = (reader: Reader) => unknown;
type Encode = (writer: Writer, value: unknown) => void;
type Row = Record<string, unknown>;

function closureDecoder(field: AnyField, target: Target): Decode {
  const nullable = isNullable(field, target.version);
  const { kind } = field.facts;
  switch (kind) {
    case 'bool':
      return reader => reader.int8() !== 0;
    case 'offset':
      return reader => reader.int64Number();
    case 'string':
    case 'bytes':
    case 'records':
    case 'array': {
      const read = closureBody(field, target);
      return reader => {
        const length = target.flexible
          ? reader.compactLength()
          : kind === 'string'
            ? reader.int16()
            : reader.int32();
        return length < 0 ? null : read(reader, length);
      };
    }
    case 'struct': {
      const read = closureStructDecoder(field.facts.fields!, target);
      return nullable ? reader => (reader.int8() < 0 ? null : read(reader)) : read;
    }
    default:
      return reader => reader[kind]();
  }
}

function closureBody(field: AnyField, target: Target): (reader: Reader, length: number) => unknown {
  switch (field.facts.kind) {
    case 'string':
      return (reader, length) => reader.utf8(length);
    case 'bytes':
      return (reader, length) => reader.copy(length);
    case 'records':
      return (reader, length) => reader.slice(length);
    default: {
      const read = closureDecoder(field.facts.element!, target);
      return (reader, length) => {
        const items = new Array(length);
        for (let index = 0; index < length; index++) items[index] = read(reader);
        return items;
      };
    }
  }
}

function closureStructDecoder(fields: Fields, target: Target): Decode {
  const prototype: Row = {};
  const steps: { name: string; read: Decode }[] = [];
  const tags = new Map<number, { name: string; read: Decode }>();
  for (const [name, field] of Object.entries(fields)) {
    prototype[name] = field.facts.kind === 'array' ? [] : defaultOf(field);
    const step = { name, read: closureDecoder(field, target) };
    if (isInline(field, target)) steps.push(step);
    else if (field.facts.tag !== null && isPresent(field, target.version)) tags.set(field.facts.tag, step);
  }
  return reader => {
    const value = { ...prototype };
    for (const { name, read } of steps) value[name] = read(reader);
    for (let count = target.flexible ? reader.uvarint() : 0; count > 0; count--) {
      const known = tags.get(reader.uvarint());
      const size = reader.uvarint();
      if (known === undefined) reader.skip(size);
      else value[known.name] = known.read(reader);
    }
    return value;
  };
}

function closureEncoder(field: AnyField, target: Target): Encode {
  const { kind } = field.facts;
  const writeLength = (writer: Writer, length: number) => {
    if (target.flexible) writer.uvarint(length + 1);
    else if (kind === 'string') writer.int16(length);
    else writer.int32(length);
  };
  switch (kind) {
    case 'bool':
      return (writer, value) => writer.int8(value ? 1 : 0);
    case 'offset':
      return (writer, value) => writer.int64Number(value as number);
    case 'string':
      return (writer, value) => {
        const length = value === null ? -1 : Buffer.byteLength(value as string);
        writeLength(writer, length);
        if (length >= 0) writer.utf8(value as string, length);
      };
    case 'bytes':
    case 'records':
      return (writer, value) => {
        writeLength(writer, value === null ? -1 : (value as Buffer).length);
        if (value !== null) writer.bytes(value as Buffer);
      };
    case 'array': {
      const write = closureEncoder(field.facts.element!, target);
      return (writer, value) => {
        writeLength(writer, value === null ? -1 : (value as unknown[]).length);
        for (const item of (value as unknown[] | null) ?? []) write(writer, item);
      };
    }
    case 'struct':
      return closureStructEncoder(field.facts.fields!, target);
    default:
      return (writer, value) => writer[kind](value as never);
  }
}

function closureStructEncoder(fields: Fields, target: Target): Encode {
  const steps = Object.entries(fields)
    .filter(([, field]) => isInline(field, target))
    .map(([name, field]) => ({ name, write: closureEncoder(field, target) }));
  const tagged = taggedFields(fields).length > 0;
  return (writer, value) => {
    for (const { name, write } of steps) write(writer, (value as Row)[name]);
    if (target.flexible || tagged) writer.uvarint(0);
  };
}

function medianMicros(run: () => void): number {
  const timed = (forMs: number) => {
    const startMs = performance.now();
    let count = 0;
    do {
      for (let i = 0; i < 20; i++) run();
      count += 20;
    } while (performance.now() - startMs < forMs);
    return ((performance.now() - startMs) * 1000) / count;
  };
  timed(WARM_UP_MS);
  const rounds = Array.from({ length: ROUNDS }, () => timed(ROUND_MS)).sort((a, b) => a - b);
  return rounds[Math.floor(ROUNDS / 2)]!;
}

function measure(options: { label: string; message: Message; version: number; value: unknown }): void {
  const { label, message, version, value } = options;
  const codec = codecOf(message, version);
  const target = { version, flexible: version >= message.flexibleSince };
  const closureDecode = closureStructDecoder(message.fields, target);
  const closureEncode = closureStructEncoder(message.fields, target);
  const writer = new Writer(1 << 16);
  codec.encode(writer, value);
  const bytes = Buffer.from(writer.toBuffer());
  const full = codec.decode(new Reader(bytes));
  const encodeWith = (encode: (writer: Writer, value: unknown) => void) => () => {
    writer.reset();
    encode(writer, full);
  };
  const columns = [
    `${bytes.length} B`,
    medianMicros(() => codec.decode(new Reader(bytes))).toFixed(2),
    medianMicros(() => closureDecode(new Reader(bytes))).toFixed(2),
    medianMicros(encodeWith((to, draft) => codec.encode(to, draft))).toFixed(2),
    medianMicros(encodeWith(closureEncode)).toFixed(2),
  ];
  console.log(label.padEnd(40) + columns.map(column => column.padStart(12)).join(''));
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const memberId = 'consumer-1-2b7f6e0c-7a5e-4f0c-8f3a-1c2d3e4f5a6b';

console.log(
  `µs per message, median of ${ROUNDS}`.padEnd(40) +
    ['size', 'decode', 'closures', 'encode', 'closures'].map(title => title.padStart(12)).join(''),
);
measure({
  label: 'Heartbeat request 4',
  message: Heartbeat.request,
  version: 4,
  value: { groupId: 'my-consumer-group', generationId: 5, memberId },
});
measure({
  label: 'OffsetCommit request 9, 20 partitions',
  message: OffsetCommit.request,
  version: 9,
  value: {
    groupId: 'my-consumer-group',
    generationIdOrMemberEpoch: 5,
    memberId,
    topics: [
      {
        name: 'orders',
        partitions: times(20, partitionIndex => ({
          partitionIndex,
          committedOffset: 123_456_789,
          committedMetadata: '',
        })),
      },
    ],
  },
});
measure({
  label: 'Produce request 13, 1 partition',
  message: Produce.request,
  version: 13,
  value: {
    transactionalId: null,
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ topicId: ZERO_UUID, partitionData: [{ index: 0, records: Buffer.alloc(1000) }] }],
  },
});
measure({
  label: 'Fetch response 17, 10 × 10 partitions',
  message: Fetch.response,
  version: 17,
  value: {
    sessionId: 1,
    responses: times(10, () => ({
      topicId: ZERO_UUID,
      partitions: times(10, partitionIndex => ({
        partitionIndex,
        errorCode: 0,
        highWatermark: 123_456_789,
        lastStableOffset: 123_456_789,
        logStartOffset: 0,
        abortedTransactions: null,
        records: Buffer.alloc(100),
      })),
    })),
  },
});
measure({
  label: 'Metadata response 12, 10 × 10 partitions',
  message: Metadata.response,
  version: 12,
  value: {
    brokers: [{ nodeId: 1, host: 'localhost', port: 9094 }],
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
    controllerId: 1,
    topics: times(10, index => ({
      errorCode: 0,
      name: `some-topic-${index}`,
      topicId: ZERO_UUID,
      partitions: times(10, partitionIndex => ({
        errorCode: 0,
        partitionIndex,
        leaderId: 1,
        leaderEpoch: 4,
        replicaNodes: [1],
        isrNodes: [1],
        offlineReplicas: [],
      })),
    })),
  },
});
