// Numbers, sizes and times as people read them. int64 values arrive as strings and go through BigInt, never Number.

export type Locale = 'en' | 'pt';
export type TimeZoneChoice = 'local' | 'utc';

const NUMBER_LOCALES = { en: 'en-US', pt: 'pt-BR' } as const;
/** The range of Date: what lies outside is shown as it came. */
const DATE_MS_MAX = 8_640_000_000_000_000n;

const numberFormats = {
  en: new Intl.NumberFormat(NUMBER_LOCALES.en, { maximumFractionDigits: 1 }),
  pt: new Intl.NumberFormat(NUMBER_LOCALES.pt, { maximumFractionDigits: 1, useGrouping: true }),
};

export function formatCount(value: number | bigint | string, locale: Locale): string {
  return numberFormats[locale].format(typeof value === 'string' ? BigInt(value) : value);
}

const SIZE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function formatSize(sizeInBytes: number, locale: Locale): string {
  let value = sizeInBytes;
  let unit = 0;
  while (value >= 1024 && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${numberFormats[locale].format(value)} ${SIZE_UNITS[unit]}`;
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0');

/** `2026-11-24 14:05:09.123`, in the zone asked for. Milliseconds always: they order records. `—` for Kafka's -1, none. */
export function formatTimestamp(timestampMs: string, zone: TimeZoneChoice): string {
  const date = toDate(timestampMs);
  if (date === null) return timestampMs.startsWith('-') ? '—' : timestampMs;
  const local = zone === 'local';
  const year = local ? date.getFullYear() : date.getUTCFullYear();
  const month = (local ? date.getMonth() : date.getUTCMonth()) + 1;
  const day = local ? date.getDate() : date.getUTCDate();
  const hours = local ? date.getHours() : date.getUTCHours();
  const minutes = local ? date.getMinutes() : date.getUTCMinutes();
  const seconds = local ? date.getSeconds() : date.getUTCSeconds();
  const milliseconds = date.getUTCMilliseconds();
  const day10 = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return `${day10} ${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(milliseconds, 3)}`;
}

/** The date, or null for the "no timestamp" of Kafka (-1) and for what no calendar can hold. */
export function toDate(timestampMs: string): Date | null {
  if (!/^-?\d{1,19}$/.test(timestampMs)) return null;
  const value = BigInt(timestampMs);
  return value < 0n || value > DATE_MS_MAX ? null : new Date(Number(value));
}

const RELATIVE_UNITS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1_000 },
] as const;

const relativeFormats = {
  en: new Intl.RelativeTimeFormat(NUMBER_LOCALES.en, { numeric: 'auto' }),
  pt: new Intl.RelativeTimeFormat(NUMBER_LOCALES.pt, { numeric: 'auto' }),
};

/** `3 minutes ago`; null when the timestamp is none. */
export function formatRelative(timestampMs: string, nowMs: number, locale: Locale): string | null {
  const date = toDate(timestampMs);
  if (date === null) return null;
  const distance = date.getTime() - nowMs;
  const chosen = RELATIVE_UNITS.find(one => Math.abs(distance) >= one.ms) ?? RELATIVE_UNITS[3];
  return relativeFormats[locale].format(Math.trunc(distance / chosen.ms), chosen.unit);
}

const DURATION_UNITS = [
  { unit: 'day', ms: 86_400_000n },
  { unit: 'hour', ms: 3_600_000n },
  { unit: 'minute', ms: 60_000n },
  { unit: 'second', ms: 1_000n },
  { unit: 'millisecond', ms: 1n },
] as const;

/** `7 days` in the largest unit that divides evenly. */
export function formatDuration(durationMs: string, locale: Locale): string {
  const value = BigInt(durationMs);
  const chosen = DURATION_UNITS.find(one => value !== 0n && value % one.ms === 0n) ?? DURATION_UNITS[4];
  return new Intl.NumberFormat(NUMBER_LOCALES[locale], {
    style: 'unit',
    unit: chosen.unit,
    unitDisplay: chosen.unit === 'millisecond' ? 'short' : 'long',
  }).format(value / chosen.ms);
}

/** The sum of what lies between earliest and latest of each partition. */
export function sumRecords(
  ranges: readonly { readonly earliest: string; readonly latest: string }[],
): bigint {
  return ranges.reduce((sum, range) => sum + BigInt(range.latest) - BigInt(range.earliest), 0n);
}
