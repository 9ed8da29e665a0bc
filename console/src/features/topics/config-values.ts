// What a configuration value means to a person: milliseconds as a duration, bytes as a size, -1 as no limit.

import type { ConfigEntry } from '../../lib/api/types.ts';
import type { Formatters } from '../../lib/use-format.ts';

/** Set on the topic itself, not inherited. */
export function isSetOnTopic(entry: ConfigEntry): boolean {
  return /TOPIC/.test(entry.source) && !entry.default;
}

/** Kafka's documentation comes with HTML in it; here it is text. */
export function plainText(documentation: string): string {
  return documentation
    .replace(/<[^>]*>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** Kafka writes "no limit" as the largest int64 or as -1. */
const LARGEST_INT64 = '9223372036854775807';

export function configMeaning(
  entry: Pick<ConfigEntry, 'name' | 'value'>,
  format: Pick<Formatters, 'duration' | 'size'>,
): string | null {
  const { name, value } = entry;
  if (value === null || !/^-?\d+$/.test(value) || value === '0') return null;
  if (!/\.(ms|bytes|messages)$/.test(name)) return null;
  if (value === LARGEST_INT64 || value === '-1') return '∞';
  // -2 refers to another key: a tiered topic's local retention.
  if (value.startsWith('-')) return null;
  if (name.endsWith('.ms')) return format.duration(value);
  if (name.endsWith('.bytes')) return format.size(Number(value));
  return null;
}
