// Every kind of hostile input that Millrace has an answer to, and the test that shows it: a file and words of its name.
// The rows are those by which Apache Kafka 4.3.1 was read (SocketServer, RequestHeader, NetworkReceive, LogValidator,
// KafkaApis, the coordinators); hostile.test.ts checks that each test is there, and holds those without another home.

export interface HostileRow {
  readonly input: string;
  /** What Millrace does; Apache Kafka's answer where nothing else is said. */
  readonly answer: string;
  readonly tests: readonly (readonly [file: string, words: string])[];
}

const CONNECTION = 'src/broker/network/connection.test.ts';
const GOLDEN = 'src/broker/handlers/produce-golden.test.ts';
const RECORDS = 'src/protocol/records/hostile-records.test.ts';
const SCHEMA = 'src/protocol/schema/hostile-input.test.ts';
const WIRE = 'src/protocol/wire/wire.test.ts';
const FRAMER = 'src/protocol/wire/framer.test.ts';
const PRODUCERS = 'src/storage/log/producers.test.ts';
const HERE = 'test/hostile/hostile.test.ts';
const FUZZ = 'test/fuzz/frames.test.ts';
const INVALID = 'test/golden/batches/invalid.json';

export const HOSTILE_ROWS: readonly HostileRow[] = [
  {
    input: 'frame length negative, zero, or over socket.request.max.bytes; TLS or HTTP on a plain port',
    answer: 'closed, with a guess at what it was',
    tests: [
      [CONNECTION, 'frames of length zero, of too much, TLS and HTTP'],
      [FRAMER, 'refuses lengths that are not positive or too large'],
    ],
  },
  {
    input: 'frame shorter than a header, header cut',
    answer: 'closed',
    tests: [
      [CONNECTION, 'frames of length zero'],
      [SCHEMA, 'random bytes are no header'],
    ],
  },
  {
    input: 'huge length, the bytes never come',
    answer: 'memory by what arrived; closed as idle, also when it drips',
    tests: [
      [FRAMER, 'spends memory on what arrived'],
      [HERE, 'a frame that drips without end'],
    ],
  },
  {
    input: 'a peer that never reads its answers',
    answer: 'held back at 1 MiB of output, then closed as idle',
    tests: [
      [CONNECTION, 'a peer that does not read its answers'],
      [HERE, 'a peer that never reads'],
    ],
  },
  {
    input: 'unknown API key, internal API, version not served',
    answer: 'closed',
    tests: [[CONNECTION, 'unknown APIs and versions close']],
  },
  {
    input: 'ApiVersions of an unknown version',
    answer: 'version 0, error 35',
    tests: [['src/broker/handlers/api-versions.test.ts', 'an unknown version is answered byte for byte']],
  },
  {
    input: 'ApiVersions with a client name that is none',
    answer: 'INVALID_REQUEST',
    tests: [['src/broker/handlers/api-versions.test.ts', 'software names: what Apache Kafka takes']],
  },
  {
    input: 'array count over the bytes left',
    answer: 'closed, nothing allocated',
    tests: [
      [SCHEMA, 'lengths that lie cost no memory'],
      [WIRE, 'has a budget of elements'],
    ],
  },
  {
    input: 'string or bytes longer than what is left, null where none may be',
    answer: 'closed',
    tests: [
      [SCHEMA, 'every message, cut anywhere, is refused'],
      [CONNECTION, 'a body that does not decode'],
    ],
  },
  {
    input: 'varint of more than 5 bytes, varlong of more than 10',
    answer: 'closed',
    tests: [[WIRE, 'refuses varints that are too long or cut']],
  },
  {
    input: 'unknown tags, tags that lie about their size',
    answer: 'kept; closed',
    tests: [
      [SCHEMA, 'every message with changed bytes'],
      [FUZZ, 'broken at random'],
    ],
  },
  { input: 'bytes behind the body', answer: 'ignored', tests: [[HERE, 'bytes behind the body are ignored']] },
  {
    input: 'batch: size, magic, cut, trailing bytes',
    answer: 'CORRUPT_MESSAGE or INVALID_RECORD',
    tests: [
      [GOLDEN, "answers and stored bytes are Apache Kafka's"],
      [INVALID, 'length-negative'],
      [INVALID, 'magic-3'],
      [INVALID, 'trailing-3'],
    ],
  },
  {
    input: 'two batches in one partition, other magic',
    answer: 'INVALID_RECORD',
    tests: [
      [INVALID, 'two-batches'],
      [INVALID, 'magic-1'],
    ],
  },
  { input: 'CRC mismatch', answer: 'CORRUPT_MESSAGE', tests: [[INVALID, 'crc-payload-bit']] },
  {
    input: 'batch over max.message.bytes',
    answer: 'MESSAGE_TOO_LARGE',
    tests: [['src/broker/handlers/topics.test.ts', 'of a topic counts from the next batch on']],
  },
  {
    input: 'base offset, delta, count, control batch, base sequence',
    answer: 'INVALID_RECORD',
    tests: [
      [INVALID, 'last-offset-delta-high'],
      [INVALID, 'count-negative'],
      [INVALID, 'control'],
    ],
  },
  {
    input: 'records fewer or more than counted, sizes and headers that lie',
    answer: 'INVALID_RECORD',
    tests: [
      [RECORDS, 'survives changed and cut batches'],
      [INVALID, 'header'],
    ],
  },
  {
    input: 'null key in a compacted topic',
    answer: 'INVALID_RECORD with its index',
    tests: [[INVALID, 'compact']],
  },
  {
    input: 'timestamp outside the bounds',
    answer: 'INVALID_TIMESTAMP',
    tests: [
      [RECORDS, 'refuses timestamps that no number holds'],
      [INVALID, 'timestamp'],
    ],
  },
  { input: 'unknown codec', answer: "Apache Kafka's answer", tests: [[INVALID, 'codec-5']] },
  {
    input: 'zip bomb',
    answer: 'stopped at the bound (Apache Kafka has none); others are served meanwhile',
    tests: [
      [RECORDS, 'stops bombs of every codec'],
      [
        'src/broker/produce/large-batches.test.ts',
        'a connection keeps its order, and others are served before',
      ],
    ],
  },
  {
    input: 'sequence gap, old epoch, resend, wrap',
    answer: '45, 47, the old offset, 0',
    tests: [
      ['src/broker/handlers/produce.test.ts', 'an idempotent producer: resends, gaps, old epochs'],
      [PRODUCERS, 'wraps sequence numbers'],
    ],
  },
  {
    input: 'transactional batch without its transaction',
    answer: 'INVALID_TXN_STATE',
    tests: [['src/broker/handlers/produce.test.ts', 'a transactional batch needs its transaction']],
  },
  {
    input: 'acks that are none; acks=0 with an error',
    answer: 'INVALID_REQUIRED_ACKS; closed',
    tests: [
      ['src/broker/handlers/produce.test.ts', 'topics that do not exist, internal ones, partitions, acks'],
      ['src/broker/handlers/produce.test.ts', 'acks=0 is silence'],
    ],
  },
  {
    input: 'topic names: empty, dots, too long, other characters, collisions',
    answer: 'INVALID_TOPIC_EXCEPTION',
    tests: [[HERE, 'topic names that are paths']],
  },
  {
    input: 'CreateTopics: duplicates, partitions, replication factor, assignments, too much',
    answer: '42, 37, 38, 44',
    tests: [[HERE, 'topics that cannot be made']],
  },
  {
    input: 'Metadata with a null name in an old version',
    answer: 'INVALID_REQUEST',
    tests: [[HERE, 'Metadata by a null name']],
  },
  {
    input: 'JoinGroup: no member id, no group, session timeout, protocols, size',
    answer: '79, 24, 26, 23, 81',
    tests: [
      ['test/transcripts/groups/first-join-refused.txt', 'INVALID_SESSION_TIMEOUT'],
      ['test/transcripts/groups/group-max-size.txt', 'GROUP_MAX_SIZE_REACHED'],
    ],
  },
  {
    input: 'commit metadata over 4,096 bytes',
    answer: 'OFFSET_METADATA_TOO_LARGE',
    tests: [['test/transcripts/groups/commit.txt', 'OFFSET_METADATA_TOO_LARGE']],
  },
  {
    input: 'InitProducerId: timeout too long, empty id, half an identity',
    answer: '50, 42',
    tests: [[HERE, 'producers that cannot be']],
  },
  {
    input: 'fetch sessions: unknown, wrong epoch, too many',
    answer: '70, 71, none',
    tests: [
      ['src/broker/fetch/fetch-sessions.test.ts', 'errors: unknown session 70, wrong epoch 71'],
      ['src/broker/fetch/fetch-sessions.test.ts', 'a full cache'],
    ],
  },
  {
    input: 'too many connections, too fast',
    answer: 'closed; kept unread, then closed',
    tests: [
      ['src/broker/network/connection-limits.test.ts', 'one address may take only so many'],
      ['src/broker/quotas/quotas.test.ts', 'an address that connects too fast'],
    ],
  },
];
