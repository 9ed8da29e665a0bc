// How a large directory comes back after kill -9: partitions are made and filled under the default durability, the process
// is killed in the middle of the load, and the next one is measured. It takes as much disk as it is told, and gives it back.
//   node test/faults/scale.ts [partitions] [GiB]       10,000 and 20 by default
//     --segment-bytes N   so that logs have closed segments (default: that of Kafka, 1 GiB)
//     --batch-bytes N     of each batch that fills them (default 512 KiB)
//     --stop              afterwards it is stopped cleanly, and opened once more
//     --read              afterwards every partition is read once from its start, and memory measured again
//     --keep              the directory stays, and its path is printed
//     --reuse PATH        of a run with --keep: only the reopening

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { processorSeconds } from '../../bench/support/process.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { Fetch } from '../../src/protocol/messages/apis/fetch.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import {
  type RunningMillrace,
  removeDirectory,
  startMillrace,
  temporaryDirectory,
} from '../support/millrace-process.ts';
import { produceTo } from '../support/raw-client.ts';
import { RawConnection } from '../support/raw-connection.ts';

const PARTITIONS_EACH = 100;
const TOPICS_A_REQUEST = 10;
const PARTITIONS_A_REQUEST = 20;
const RECORD_BYTES = 1024;
const CONNECTIONS = 4;
const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';
const WORDS = ['--home', 'data', '--http-port', 'off', '--api-port', 'off'];
const GIB = 2 ** 30;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'segment-bytes': { type: 'string' },
    'batch-bytes': { type: 'string', default: String(512 * 1024) },
    stop: { type: 'boolean', default: false },
    read: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    reuse: { type: 'string' },
  },
});
const partitions = Number(positionals[0] ?? 10_000);
const bytes = Number(positionals[1] ?? 20) * GIB;
const batchBytes = Number(options['batch-bytes']);
const recordsInBatch = Math.ceil(batchBytes / RECORD_BYTES);
const topics = Math.ceil(partitions / PARTITIONS_EACH);
const say = (text: string): void => console.log(text);
const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1_000).toFixed(2)} s`;
const nameOf = (topic: number): string => `scale-${topic}`;
const portOf = (broker: RunningMillrace): number => Number(broker.ready.broker!.split(':').at(-1));

async function makeTopics(port: number): Promise<void> {
  const connection = await RawConnection.open(port);
  const segmentBytes = options['segment-bytes'];
  const configs = segmentBytes === undefined ? [] : [{ name: 'segment.bytes', value: segmentBytes }];
  for (let first = 0; first < topics; first += TOPICS_A_REQUEST) {
    const some = Array.from({ length: Math.min(TOPICS_A_REQUEST, topics - first) }, (_, index) => ({
      name: nameOf(first + index),
      numPartitions: PARTITIONS_EACH,
      replicationFactor: 1,
      assignments: [],
      configs,
    }));
    const request = { topics: some, timeoutMs: 60_000, validateOnly: false };
    const answer = await connection.request(CreateTopics, 7, request);
    const failed = answer.topics.find(({ errorCode }) => errorCode !== 0);
    if (failed !== undefined) throw new Error(`${failed.name}: error ${failed.errorCode}`);
  }
  connection.close();
}

/** All partitions in turn, some in each request, until the bytes are there. */
async function fill(port: number): Promise<void> {
  const value = Buffer.alloc(batchBytes / recordsInBatch - 10, 'x');
  const records = Array.from({ length: recordsInBatch }, () => ({
    key: null,
    value,
    timestamp: Date.now(),
  }));
  const batch = buildBatch({ records });
  const requests = Math.ceil(bytes / batch.length / PARTITIONS_A_REQUEST);
  let next = 0;
  const work = async (): Promise<void> => {
    const connection = await RawConnection.open(port);
    while (next < requests) {
      const first = (next++ * PARTITIONS_A_REQUEST) % (topics * PARTITIONS_EACH);
      const partitionData = Array.from({ length: PARTITIONS_A_REQUEST }, (_, index) => ({
        index: (first % PARTITIONS_EACH) + index,
        records: batch,
      }));
      const name = nameOf(Math.floor(first / PARTITIONS_EACH));
      const answer = await connection.request(Produce, 12, {
        transactionalId: null,
        acks: -1,
        timeoutMs: 60_000,
        topicData: [{ name, topicId: ZERO_UUID, partitionData }],
      });
      for (const { errorCode } of answer.responses[0]!.partitionResponses)
        if (errorCode !== 0) throw new Error(`produce to ${name}: error ${errorCode}`);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

function statusOf(pid: number, key: string): number {
  const kilobytes = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )?.[1];
  return Number(kilobytes) / 1024;
}

function sayProcess(broker: RunningMillrace): void {
  const { pid } = broker.ready;
  const descriptors = readdirSync(`/proc/${pid}/fd`).length;
  const memory = `${statusOf(pid, 'VmRSS').toFixed(0)} MiB resident, ${statusOf(pid, 'VmHWM').toFixed(0)} MiB at most`;
  say(`  ${descriptors} descriptors, ${memory}`);
  const read = Number(/^rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]) / GIB;
  say(
    `  ${(processorSeconds(pid) ?? Number.NaN).toFixed(1)} s of processor time, ${read.toFixed(2)} GiB read; load ${loadavg()[0]!.toFixed(0)}`,
  );
}

/** Every partition once from its start: memory of what a reader makes the broker load. */
async function readAll(port: number): Promise<void> {
  const connection = await RawConnection.open(port);
  for (let topic = 0; topic < topics; topic++)
    for (const offset of [0, recordsInBatch]) {
      const asked = Array.from({ length: PARTITIONS_EACH }, (_, partition) => ({
        partition,
        fetchOffset: offset,
        partitionMaxBytes: batchBytes,
        currentLeaderEpoch: -1,
      }));
      await connection.request(Fetch, 12, {
        maxWaitMs: 0,
        minBytes: 1,
        maxBytes: 64 * 1024 * 1024,
        isolationLevel: 0,
        sessionId: 0,
        sessionEpoch: -1,
        topics: [{ topic: nameOf(topic), topicId: ZERO_UUID, partitions: asked }],
        forgottenTopicsData: [],
      });
    }
  connection.close();
}

async function make(directory: string): Promise<void> {
  const broker = await startMillrace({ directory, words: WORDS });
  const port = portOf(broker);
  let sinceMs = performance.now();
  await makeTopics(port);
  say(`${topics * PARTITIONS_EACH} partitions made in ${seconds(sinceMs)}`);
  sinceMs = performance.now();
  await fill(port);
  say(`${(bytes / GIB).toFixed(1)} GiB in ${seconds(sinceMs)}`);
  sayProcess(broker);
  await broker.end('SIGKILL');
}

async function reopen(directory: string, end: string): Promise<RunningMillrace> {
  const sinceMs = performance.now();
  const broker = await startMillrace({ directory, words: WORDS });
  say(`reopened after ${end}: ready in ${seconds(sinceMs)}`);
  const connection = await RawConnection.open(portOf(broker));
  const value = { key: null, value: Buffer.from('last'), timestamp: Date.now() };
  const last = { topic: nameOf(topics - 1), partition: PARTITIONS_EACH - 1 };
  const { errorCode } = await produceTo(connection, { ...last, records: buildBatch({ records: [value] }) });
  if (errorCode !== 0) throw new Error(`the last partition answers ${errorCode}`);
  connection.close();
  say(`  the last partition took a record after ${seconds(sinceMs)}`);
  sayProcess(broker);
  if (options.read) {
    const readMs = performance.now();
    await readAll(portOf(broker));
    say(`every partition read from its start in ${seconds(readMs)}`);
    sayProcess(broker);
  }
  return broker;
}

async function stop(broker: RunningMillrace): Promise<void> {
  const sinceMs = performance.now();
  const { stderr, exitCode } = await broker.end('SIGTERM');
  say(`stopped in ${seconds(sinceMs)} (${exitCode}): ${stderr.trim().split('\n').at(-1)}`);
}

const kept = options.reuse;
const directory = kept ?? temporaryDirectory();
try {
  if (kept === undefined || !existsSync(kept)) await make(directory);
  const broker = await reopen(directory, 'kill -9');
  if (options.stop) {
    await stop(broker);
    await (await reopen(directory, 'a stop')).end('SIGKILL');
  } else await broker.end('SIGKILL');
} finally {
  if (options.keep || kept !== undefined) say(`The directory is ${directory}`);
  else removeDirectory(directory);
}
process.exitCode = 0;
