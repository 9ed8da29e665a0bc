// Reading records by page, by address and as a live stream; writing them. Rows carry a preview of their bodies, the
// whole bodies come when a record is opened.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { createParser } from 'eventsource-parser';
import { ApiError, NO_ANSWER, requestJson, send } from './request.ts';
import type { KafkaRecord, ProducedOffset, RecordDraft, RecordPage } from './types.ts';

export const PAGE_RECORDS = 100;
/** Loaded rows of one list: at most about 20 MB of previews in the tab. */
export const PAGES_MAX = 200;
const PREVIEW_BYTES = 512;

const recordsPath = (topic: string) => `/topics/${encodeURIComponent(topic)}/records`;

/** Where reading starts. `newest` walks back in time, the others forward. */
export type StartPoint =
  | { readonly kind: 'newest' }
  | { readonly kind: 'oldest' }
  | { readonly kind: 'timestamp'; readonly timestampMs: string }
  | { readonly kind: 'offset'; readonly offset: string };

export interface RecordsRequest {
  readonly topic: string;
  /** Empty means all. */
  readonly partitions: readonly number[];
  readonly start: StartPoint;
}

function searchOf({ partitions, start }: RecordsRequest) {
  return {
    direction: start.kind === 'newest' ? 'newest' : 'oldest',
    partitions: partitions.length === 0 ? null : partitions.join(','),
    limit: PAGE_RECORDS,
    previewBytes: PREVIEW_BYTES,
    fromTimestamp: start.kind === 'timestamp' ? start.timestampMs : null,
    fromOffset: start.kind === 'offset' ? start.offset : null,
  };
}

export const recordsQuery = (request: RecordsRequest) =>
  infiniteQueryOptions({
    queryKey: ['records', request.topic, request],
    queryFn: ({ pageParam, signal }) =>
      requestJson<RecordPage>('GET', recordsPath(request.topic), {
        search: { ...searchOf(request), cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => (pages.length >= PAGES_MAX ? null : last.cursor),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const recordQuery = (address: { topic: string; partition: number; offset: string }) =>
  queryOptions({
    queryKey: ['record', address],
    queryFn: ({ signal }) =>
      requestJson<KafkaRecord>(
        'GET',
        `${recordsPath(address.topic)}/${address.partition}/${address.offset}`,
        { signal },
      ),
    // A record never changes; it can only be deleted.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    retry: false,
  });

export async function produce(topic: string, records: readonly RecordDraft[]): Promise<ProducedOffset[]> {
  const answer = await requestJson<{ offsets: ProducedOffset[] }>('POST', recordsPath(topic), {
    body: { records },
  });
  return answer.offsets;
}

export interface TailOptions {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly signal: AbortSignal;
  readonly onOpen: () => void;
  readonly onRecords: (records: readonly KafkaRecord[]) => void;
}

/** Follows a topic until `signal` aborts (then it returns) or the stream fails (then it throws an ApiError). */
export async function tail(options: TailOptions): Promise<void> {
  const { topic, partitions, signal } = options;
  const response = await send('POST', `/topics/${encodeURIComponent(topic)}/tail`, {
    body: partitions.length === 0 ? { from: 'latest' } : { from: 'latest', partitions },
    signal,
  });
  options.onOpen();
  let failure: ApiError | null = null;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'records') options.onRecords((JSON.parse(data) as { records: KafkaRecord[] }).records);
      if (event === 'error') failure = tailFailure(data);
    },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const chunk = await reader.read().catch(() => null);
    if (signal.aborted) return;
    if (chunk === null || chunk.done) throw streamEnded();
    parser.feed(chunk.value);
    if (failure !== null) throw failure;
  }
}

function tailFailure(data: string): ApiError {
  const { error } = JSON.parse(data) as { error: { code: string; message: string; hint?: string } };
  return new ApiError({ code: error.code, message: error.message, hint: error.hint ?? null, status: 200 });
}

function streamEnded(): ApiError {
  return new ApiError({ code: NO_ANSWER, message: 'The stream ended.', hint: null, status: 0 });
}
