// Produce without a client: a canary that sends one small record at a time and notes how long each acknowledgement
// took, and a flood that keeps several prepared batches in flight.

import { connect } from 'node:net';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import { encodeRequest } from '../../test/support/raw-connection.ts';
import { pause, until } from './api-versions.ts';
import { RawKafka } from './raw-kafka.ts';

const VERSION = 9;
const TIMEOUT_MS = 30_000;
/** Of a canary: as a person's program would send, not as fast as it can. */
const CANARY_EVERY_MS = 5;
const CANARY_BYTES = 100;
const IN_FLIGHT = 5;
/** From the correlation id on: header tags, one topic, its name, one partition, its index, then the error code. */
const ERROR_CODE_BEHIND_NAME = 4 + 1 + 1 + 1 + 1 + 4;

export interface BatchOptions {
  readonly records: number;
  readonly recordBytes: number;
  readonly timestamp?: number;
}

export function batchOf({ records, recordBytes, timestamp = Date.now() }: BatchOptions): Buffer {
  const value = Buffer.alloc(recordBytes, 'x');
  return buildBatch({ records: Array.from({ length: records }, () => ({ key: null, value, timestamp })) });
}

export interface Target {
  readonly topic: string;
  readonly partition?: number;
}

export function produceFrame(batch: Buffer, { topic, partition = 0 }: Target): Buffer {
  const topicData = [{ name: topic, partitionData: [{ index: partition, records: batch }] }];
  const header = { version: VERSION, correlationId: 1, clientId: 'bench' };
  return encodeRequest(Produce, header, { acks: -1, timeoutMs: TIMEOUT_MS, topicData });
}

/** Throws unless the batch was taken. */
export function checkProduced(frame: Buffer, topic: string): void {
  const code = frame.readInt16BE(4 + ERROR_CODE_BEHIND_NAME + Buffer.byteLength(topic));
  if (code !== 0) throw new Error(`produce to ${topic} was answered with error ${code}`);
}

/** Milliseconds until the acknowledgement. */
export async function produceOnce(connection: RawKafka, batch: Buffer, target: Target): Promise<number> {
  const { topic, partition = 0 } = target;
  const topicData = [{ name: topic, partitionData: [{ index: partition, records: batch }] }];
  const request = { acks: -1, timeoutMs: TIMEOUT_MS, topicData };
  const { body, tookMs } = await connection.call(Produce, VERSION, request);
  const code = body.responses[0]?.partitionResponses[0]?.errorCode;
  if (code !== 0) throw new Error(`produce to ${topic}-${partition} was answered with error ${code}`);
  return tookMs;
}

/** Whether the partition takes a record: a server may name a topic before it has its log. */
export async function takesRecords(port: number, target: Target): Promise<boolean> {
  const connection = await RawKafka.open(port);
  try {
    await produceOnce(connection, batchOf({ records: 1, recordBytes: CANARY_BYTES }), target);
    return true;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

/** Throws when it takes none for half a minute. */
export async function untilTakesRecords(port: number, target: Target): Promise<void> {
  await until(() => takesRecords(port, target), { everyMs: 20, timeoutMs: TIMEOUT_MS });
}

/** One record after the other while `isNeeded`; milliseconds of every acknowledgement. */
export async function canary(port: number, topic: string, isNeeded: () => boolean): Promise<number[]> {
  const connection = await RawKafka.open(port);
  const batch = batchOf({ records: 1, recordBytes: CANARY_BYTES });
  const took: number[] = [];
  try {
    while (isNeeded()) {
      took.push(await produceOnce(connection, batch, { topic }));
      await pause(CANARY_EVERY_MS);
    }
  } finally {
    connection.close();
  }
  return took;
}

/** Sends the batch `count` times, five in flight; milliseconds from each write to its acknowledgement. */
export function flood(
  port: number,
  target: Target,
  { batch, count }: { batch: Buffer; count: number },
): Promise<number[]> {
  const frame = produceFrame(batch, target);
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const sentMs: number[] = [];
    const took: number[] = [];
    let rest: Buffer = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const send = () => {
      while (sentMs.length < count && sentMs.length - took.length < IN_FLIGHT) {
        sentMs.push(performance.now());
        socket.write(frame);
      }
    };
    socket.on('connect', send);
    socket.on('error', fail);
    socket.on('close', () => fail(new Error(`the connection was lost after ${took.length} batches`)));
    socket.on('data', chunk => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        try {
          checkProduced(rest, target.topic);
        } catch (error) {
          return fail(error as Error);
        }
        took.push(performance.now() - sentMs[took.length]!);
        rest = rest.subarray(4 + rest.readInt32BE(0));
      }
      if (took.length === count) {
        resolve(took);
        socket.destroy();
      } else send();
    });
  });
}
