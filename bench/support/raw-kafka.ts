// One connection that speaks Kafka in bytes written by hand, so that a request is timed without any client: from the
// write of the frame until its answer is whole. Metadata version 12 and CreateTopics version 2, which all servers know;
// `call` takes the project's own codecs, outside the time it measures.

import { connect, type Socket } from 'node:net';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import type { Api, RequestDraft, ResponseOf } from '../../src/protocol/schema/field.ts';
import { decodeResponse, encodeRequest } from '../../test/support/raw-connection.ts';

const TIMEOUT_MS = 120_000;
const CREATE_TOPICS = 19;
const METADATA = 3;

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly configs?: Readonly<Record<string, string>>;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

function topicBytes({ name, partitions, configs = {} }: NewTopic): Buffer {
  const entries = Object.entries(configs).map(([key, value]) => Buffer.concat([text(key), text(value)]));
  return Buffer.concat([
    text(name),
    int32(partitions),
    int16(1),
    int32(0),
    int32(entries.length),
    ...entries,
  ]);
}

export class RawKafka {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static open(port: number): Promise<RawKafka> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.on('error', reject);
      socket.on('connect', () => resolve(new RawKafka(socket)));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Milliseconds until the answer; throws when a topic was not made. */
  async createTopics(topics: readonly NewTopic[]): Promise<number> {
    const body = Buffer.concat([
      int32(topics.length),
      ...topics.map(topicBytes),
      int32(TIMEOUT_MS),
      Buffer.from([0]),
    ]);
    const { answer, tookMs } = await this.#ask(CREATE_TOPICS, 2, body);
    let position = 12;
    for (let left = answer.readInt32BE(8); left > 0; left -= 1) {
      const end = position + 2 + answer.readInt16BE(position);
      const error = answer.readInt16BE(end);
      if (error !== 0)
        throw new Error(`topic ${answer.toString('utf8', position + 2, end)} was not made: error ${error}`);
      position = end + 4 + Math.max(0, answer.readInt16BE(end + 2));
    }
    return tookMs;
  }

  /** Metadata of all topics; milliseconds until the answer. */
  async allTopics(): Promise<number> {
    // Tags of the header; topics null, no creation, no authorized operations, tags.
    const { tookMs } = await this.#ask(METADATA, 12, Buffer.from([0, 0, 0, 0, 0]));
    return tookMs;
  }

  /** A group is known to nobody before somebody asked this: the server makes the topic of the groups then. */
  async findCoordinator(groupId: string): Promise<boolean> {
    const { body } = await this.call(FindCoordinator, 4, { keyType: 0, coordinatorKeys: [groupId] });
    return body.coordinators[0]?.errorCode === 0;
  }

  async call<A extends Api>(
    api: A,
    version: number,
    body: RequestDraft<A>,
  ): Promise<{ body: ResponseOf<A>; tookMs: number }> {
    const frame = encodeRequest(api, { version, correlationId: 1, clientId: 'bench' }, body);
    const { answer, tookMs } = await this.#exchange(frame, api.name);
    return { body: decodeResponse(api, version, { correlationId: 1, bytes: answer }), tookMs };
  }

  /** The answer without its length, from the correlation id on. */
  #ask(apiKey: number, version: number, body: Buffer): Promise<{ answer: Buffer; tookMs: number }> {
    const request = Buffer.concat([int16(apiKey), int16(version), int32(1), int16(-1), body]);
    return this.#exchange(Buffer.concat([int32(request.length), request]), `API ${apiKey}`);
  }

  #exchange(frame: Buffer, name: string): Promise<{ answer: Buffer; tookMs: number }> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let received = 0;
      const done = (error: Error | null) => {
        clearTimeout(timer);
        this.#socket.off('data', take).off('close', lost);
        if (error !== null) return reject(error);
        resolve({ answer: Buffer.concat(chunks).subarray(4), tookMs: performance.now() - startMs });
      };
      const take = (chunk: Buffer) => {
        chunks.push(chunk);
        received += chunk.length;
        if (received >= 4 && chunks[0]!.length < 4) chunks.splice(0, chunks.length, Buffer.concat(chunks));
        if (received >= 4 && received >= chunks[0]!.readInt32BE(0) + 4) done(null);
      };
      const lost = () => done(new Error(`the connection was lost at ${name}`));
      const timer = setTimeout(
        () => done(new Error(`${name} was not answered in ${TIMEOUT_MS} ms`)),
        TIMEOUT_MS,
      );
      this.#socket.on('data', take).on('close', lost);
      const startMs = performance.now();
      this.#socket.write(frame);
    });
  }
}
