// One request as bytes and one answer back: int32 length, header, body. Header versions follow from the body's: flexible
// bodies have flexible headers, but the answer to ApiVersions never has one (KIP-511), so that any client can read it.

import { codecOf } from '../protocol/schema/codec.ts';
import type { Api, RequestDraft, ResponseOf } from '../protocol/schema/field.ts';
import { Reader } from '../protocol/wire/reader.ts';
import { Writer } from '../protocol/wire/writer.ts';

const API_VERSIONS_KEY = 18;
const LENGTH_SIZE = 4;

export interface RequestFrame<A extends Api> {
  readonly api: A;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly body: RequestDraft<A>;
}

export function encodeRequest<A extends Api>(frame: RequestFrame<A>): Buffer[] {
  const { api, version } = frame;
  const writer = new Writer();
  writer.int32(0);
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(frame.correlationId);
  const clientId = Buffer.from(frame.clientId, 'utf8');
  writer.int16(clientId.length);
  writer.bytes(clientId);
  if (version >= api.flexibleSince) writer.uvarint(0);
  codecOf(api.request, version).encode(writer, frame.body);
  writer.patchInt32(0, writer.length - LENGTH_SIZE);
  return writer.chunks();
}

/** The correlation id of an answer, before anything else of it is read. */
export function correlationIdOf(frame: Buffer): number {
  return new Reader(frame).int32();
}

export function decodeResponse<A extends Api>(options: {
  readonly api: A;
  readonly version: number;
  readonly frame: Buffer;
}): ResponseOf<A> {
  const { api, version, frame } = options;
  const reader = new Reader(frame);
  reader.int32();
  if (version >= api.flexibleSince && api.key !== API_VERSIONS_KEY) skipTags(reader);
  return codecOf(api.response, version).decode(reader) as ResponseOf<A>;
}

function skipTags(reader: Reader): void {
  for (let left = reader.uvarint(); left > 0; left -= 1) {
    reader.uvarint();
    reader.slice(reader.uvarint());
  }
}
