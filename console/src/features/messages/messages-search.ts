// What of the message page lives in its address: partitions, where reading starts, live or not, the open record.
// Short and readable, because people paste these links into error logs and chats.

import type { StartPoint } from '../../lib/api/records.ts';

export interface MessagesSearch {
  /** `0,2`; absent means all. */
  readonly partitions?: string;
  /** `oldest`, an offset, or an ISO time; absent means newest first. */
  readonly from?: string;
  readonly live?: 'true';
  /** The open record. */
  readonly partition?: string;
  readonly offset?: string;
}

const PARTITION = /^\d{1,9}$/;
const OFFSET = /^\d{1,19}$/;

export function readMessagesSearch(raw: Readonly<Record<string, unknown>>): MessagesSearch {
  const text = (name: string) =>
    typeof raw[name] === 'string' || typeof raw[name] === 'number' ? String(raw[name]) : '';
  const partitions = formatPartitions(parsePartitions(text('partitions')));
  const from = formatStart(parseStart(text('from')));
  const opened = PARTITION.test(text('partition')) && OFFSET.test(text('offset'));
  return {
    ...(partitions === undefined ? {} : { partitions }),
    ...(from === undefined ? {} : { from }),
    ...(text('live') === 'true' ? { live: 'true' as const } : {}),
    ...(opened ? { partition: text('partition'), offset: text('offset') } : {}),
  };
}

export function parsePartitions(text: string | undefined): readonly number[] {
  const numbers = (text ?? '')
    .split(',')
    .filter(part => PARTITION.test(part))
    .map(Number);
  return [...new Set(numbers)].sort((left, right) => left - right);
}

export function formatPartitions(partitions: readonly number[]): string | undefined {
  return partitions.length === 0 ? undefined : partitions.join(',');
}

export function parseStart(text: string | undefined): StartPoint {
  if (text === undefined || text === '') return { kind: 'newest' };
  if (text === 'oldest') return { kind: 'oldest' };
  if (OFFSET.test(text)) return { kind: 'offset', offset: text };
  const timestampMs = Date.parse(text);
  return Number.isNaN(timestampMs) || timestampMs < 0
    ? { kind: 'newest' }
    : { kind: 'timestamp', timestampMs: String(timestampMs) };
}

export function formatStart(start: StartPoint): string | undefined {
  switch (start.kind) {
    case 'newest':
      return undefined;
    case 'oldest':
      return 'oldest';
    case 'offset':
      return start.offset;
    case 'timestamp':
      return new Date(Number(start.timestampMs)).toISOString();
  }
}

export interface RecordAddress {
  readonly partition: number;
  readonly offset: string;
}

export function addressOf(search: MessagesSearch): RecordAddress | null {
  if (search.partition === undefined || search.offset === undefined) return null;
  return { partition: Number(search.partition), offset: search.offset };
}

export function recordId(address: RecordAddress): string {
  return `${address.partition}-${address.offset}`;
}
