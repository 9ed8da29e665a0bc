// Between epoch milliseconds and what a datetime-local input holds (`2026-11-24T14:05:09`), in the zone people chose.

import { formatTimestamp, type TimeZoneChoice } from '../../lib/format.ts';

export function timeInputOf(timestampMs: string, zone: TimeZoneChoice): string {
  return formatTimestamp(timestampMs, zone).slice(0, 19).replace(' ', 'T');
}

export function parseTimeInput(text: string, zone: TimeZoneChoice): string | null {
  const timestampMs = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(timestampMs) || timestampMs < 0 ? null : String(timestampMs);
}
