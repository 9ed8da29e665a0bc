// A Kafka connection that knows nothing but frames, for tests that decide every byte themselves. Messages are encoded
// and decoded by the project's own codecs, which the golden bytes vouch for.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { responseHeaderVersion } from '../../src/protocol/messages/headers.ts';
import { codecOf } from '../../src/protocol/schema/codec.ts';
import type { Api, RequestDraft, ResponseOf } from '../../src/protocol/schema/field.ts';
import { Reader } from '../../src/protocol/wire/reader.ts';
import { Writer } from '../../src/protocol/wire/writer.ts';

export interface RawFrame {
  readonly correlationId: number;
  /** Without the length. */
  readonly bytes: Buffer;
}

export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  readonly #frames: RawFrame[] = [];
  #waiting: (() => void) | null = null;
  #nextCorrelationId = 1;
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', chunk => this.#receive(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#waiting?.();
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawConnection> {
    const socket = connect({ port, host, noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Frames that came and were not taken yet. */
  get pending(): readonly RawFrame[] {
    return this.#frames;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends a request and returns its correlation id, without waiting. */
  send<A extends Api>(
    api: A,
    version: number,
    body: RequestDraft<A>,
    clientId: string | null = 'raw',
  ): number {
    const correlationId = this.#nextCorrelationId++;
    this.write(encodeRequest(api, { version, correlationId, clientId }, body));
    return correlationId;
  }

  async request<A extends Api>(api: A, version: number, body: RequestDraft<A>): Promise<ResponseOf<A>> {
    const correlationId = this.send(api, version, body);
    const frame = await this.frame();
    if (frame.correlationId !== correlationId) {
      throw new Error(`expected the answer to ${correlationId}, not to ${frame.correlationId}`);
    }
    return decodeResponse(api, version, frame);
  }

  /** The next frame in order of arrival. */
  async frame(): Promise<RawFrame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      if (this.isClosed) throw new Error('the broker closed the connection');
      await new Promise<void>(resolve => {
        this.#waiting = resolve;
      });
    }
  }

  /** Resolves once the peer has closed. */
  async closed(): Promise<void> {
    if (!this.isClosed) await once(this.#socket, 'close');
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4) {
      const length = this.#received.readInt32BE(0);
      if (this.#received.length < 4 + length) break;
      const bytes = Buffer.from(this.#received.subarray(4, 4 + length));
      this.#frames.push({ correlationId: bytes.readInt32BE(0), bytes });
      this.#received = this.#received.subarray(4 + length);
    }
    this.#waiting?.();
  }
}

export interface RawHeader {
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** A whole frame, its length included. */
export function encodeRequest<A extends Api>(api: A, header: RawHeader, body: RequestDraft<A>): Buffer {
  const writer = new Writer();
  writer.int32(0);
  writer.int16(api.key);
  writer.int16(header.version);
  writer.int32(header.correlationId);
  if (header.clientId === null) {
    writer.int16(-1);
  } else {
    writer.int16(Buffer.byteLength(header.clientId));
    writer.utf8(header.clientId);
  }
  if (header.version >= api.flexibleSince) writer.uvarint(0);
  codecOf(api.request, header.version).encode(writer, body);
  writer.patchInt32(0, writer.length - 4);
  return writer.toBuffer();
}

export function decodeResponse<A extends Api>(api: A, version: number, frame: RawFrame): ResponseOf<A> {
  const reader = new Reader(frame.bytes, 4);
  if (responseHeaderVersion(api.key, version) >= 1) reader.uvarint();
  const body = codecOf(api.response, version).decode(reader);
  if (reader.remaining !== 0) throw new Error(`${reader.remaining} bytes are left behind the answer`);
  return body as ResponseOf<A>;
}
