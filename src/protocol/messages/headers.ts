// The headers in front of every request and every answer. Flexible versions of an API have request header 2 and response
// header 1 (KIP-482), others 1 and 0. Two exceptions: the client id is never compact, and ApiVersions is always answered
// with response header 0, so that a client can read it before both sides know each other's versions (KIP-511).

import { codecOf } from '../schema/codec.ts';
import { int16, int32, message, string } from '../schema/field.ts';
import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import { apis } from './apis/index.ts';

export const RequestHeader = message({
  name: 'RequestHeader',
  versions: '1-2',
  flexible: '2+',
  fields: {
    requestApiKey: int16,
    requestApiVersion: int16,
    correlationId: int32,
    clientId: string.nullable().neverCompact(),
  },
});

export const ResponseHeader = message({
  name: 'ResponseHeader',
  versions: '0-1',
  flexible: '1+',
  fields: {
    correlationId: int32,
  },
});

const API_VERSIONS_KEY = 18;

export interface RequestHeaderFields {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

export interface ApiAndVersion {
  readonly apiKey: number;
  readonly apiVersion: number;
}

/** 1 for an unknown API: version 2 begins with the same fields. */
export function requestHeaderVersion(apiKey: number, apiVersion: number): 1 | 2 {
  const api = apis.get(apiKey);
  return api !== undefined && apiVersion >= api.flexibleSince ? 2 : 1;
}

export function responseHeaderVersion(apiKey: number, apiVersion: number): 0 | 1 {
  if (apiKey === API_VERSIONS_KEY) return 0;
  const api = apis.get(apiKey);
  return api !== undefined && apiVersion >= api.flexibleSince ? 1 : 0;
}

/** Leaves the reader at the first byte of the request itself. */
export function decodeRequestHeader(reader: Reader): RequestHeaderFields {
  const start = reader.position;
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  reader.position = start;
  const { correlationId, clientId } = codecOf(RequestHeader, requestHeaderVersion(apiKey, apiVersion)).decode(
    reader,
  );
  return { apiKey, apiVersion, correlationId, clientId };
}

export function encodeRequestHeader(writer: Writer, header: RequestHeaderFields): void {
  const { apiKey, apiVersion, correlationId, clientId } = header;
  const draft = { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId, clientId };
  codecOf(RequestHeader, requestHeaderVersion(apiKey, apiVersion)).encode(writer, draft);
}

export function encodeResponseHeader(
  writer: Writer,
  header: ApiAndVersion & { readonly correlationId: number },
): void {
  const version = responseHeaderVersion(header.apiKey, header.apiVersion);
  codecOf(ResponseHeader, version).encode(writer, { correlationId: header.correlationId });
}

/** `request` is what was asked: an answer does not say it. Leaves the reader at the first byte of the answer itself. */
export function decodeResponseHeader(
  reader: Reader,
  request: ApiAndVersion,
): { readonly correlationId: number } {
  const version = responseHeaderVersion(request.apiKey, request.apiVersion);
  return { correlationId: codecOf(ResponseHeader, version).decode(reader).correlationId };
}
