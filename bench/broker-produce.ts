// What the broker's own path costs: raw Produce frames over loopback from one connection, with a real directory on disk,
// per durability and batch size. No client library, so the figures are the broker's ceiling, not a client's experience.
// Run: node bench/broker-produce.ts [seconds]. Compare only figures of one run.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Broker } from '../src/broker/broker.ts';
import { Metadata } from '../src/protocol/messages/apis/metadata.ts';
import { Produce } from '../src/protocol/messages/apis/produce.ts';
import { buildBatch } from '../src/protocol/records/build-batch.ts';
import { NodeFileSystem } from '../src/storage/fs/node.ts';
import type { Durability } from '../src/storage/log/log-settings.ts';
import { encodeRequest, RawConnection } from '../test/support/raw-connection.ts';
import { processorSeconds } from './support/process.ts';

const TOPIC = 'bench';
const SHAPES = [
  { valueBytes: 100, records: 1, inFlight: 50 },
  { valueBytes: 1_000, records: 16, inFlight: 5 },
  { valueBytes: 1_000, records: 16, inFlight: 50 },
] as const;
type BenchShape = (typeof SHAPES)[number];

async function serve(durability: Durability, dataPath: string): Promise<void> {
  const broker = await Broker.start({
    fileSystem: new NodeFileSystem(),
    dataPath,
    properties: new Map([['listeners', 'PLAINTEXT://127.0.0.1:0']]),
    profile: 'dev',
    clusterId: null,
    durability,
    report: message => process.stderr.write(`${message}\n`),
  });
  process.send?.(broker.listeners[0]?.port);
  await once(process, 'disconnect');
  await broker.stop();
}

function frameOf({ valueBytes, records }: BenchShape): Buffer {
  const value = Buffer.alloc(valueBytes, 'x');
  const batch = buildBatch({
    records: Array.from({ length: records }, () => ({ key: null, value, timestamp: Date.now() })),
  });
  return encodeRequest(
    Produce,
    { version: 9, correlationId: 1, clientId: 'bench' },
    {
      acks: -1,
      timeoutMs: 1_000,
      topicData: [{ name: TOPIC, partitionData: [{ index: 0, records: batch }] }],
    },
  );
}

/** Requests answered in the time given, `inFlight` of them always under way. */
function flood(port: number, shape: BenchShape, milliseconds: number): Promise<number> {
  const frame = frameOf(shape);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let answered = 0;
  let underway = 0;
  let answerBytes = 0;
  let received = 0;
  const fill = () => {
    socket.cork();
    for (; underway < shape.inFlight; underway += 1) socket.write(frame);
    socket.uncork();
  };
  return new Promise((resolve, reject) => {
    const endMs = performance.now() + milliseconds;
    socket.on('error', reject);
    socket.on('data', chunk => {
      if (answerBytes === 0) answerBytes = chunk.readInt32BE(0) + 4;
      received += chunk.length;
      const whole = Math.floor(received / answerBytes);
      received -= whole * answerBytes;
      answered += whole;
      underway -= whole;
      if (performance.now() < endMs) return fill();
      socket.destroy();
      resolve(answered);
    });
    fill();
  });
}

async function measure(durability: Durability, shape: BenchShape, seconds: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const child = fork(fileURLToPath(import.meta.url), ['serve', durability, join(home, 'data')]);
  const [port] = (await once(child, 'message')) as [number];
  const connection = await RawConnection.open(port);
  await connection.request(Metadata, 12, {
    topics: [{ name: TOPIC }],
    allowAutoTopicCreation: true,
    includeTopicAuthorizedOperations: false,
  });
  connection.close();
  const before = processorSeconds(child.pid ?? 0) ?? Number.NaN;
  const answered = await flood(port, shape, seconds * 1_000);
  const used = (processorSeconds(child.pid ?? 0) ?? Number.NaN) - before;
  const gigabytes = (answered * frameOf(shape).length) / 1e9;
  const { valueBytes, records, inFlight } = shape;
  console.log(
    `${durability.padEnd(8)} ${String(records).padStart(3)} x ${String(valueBytes).padEnd(5)} ${String(inFlight).padStart(3)} in flight: ` +
      `${Math.round(answered / seconds)} requests/s, ${((gigabytes * 1_000) / seconds).toFixed(0)} MB/s, ${(used / gigabytes).toFixed(1)} cpu s/GB`,
  );
  child.disconnect();
  await once(child, 'exit');
  rmSync(home, { recursive: true, force: true });
}

const [first, durability, dataPath] = process.argv.slice(2);
if (first === 'serve') {
  await serve(durability as Durability, dataPath ?? '');
} else {
  for (const mode of ['os', 'always'] as const) {
    for (const shape of SHAPES) await measure(mode, shape, Number(first ?? 3));
  }
}
