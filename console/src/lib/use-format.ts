// Formatters bound to the reader's language and time zone.

import { useLingui } from '@lingui/react';
import { useMemo } from 'react';
import {
  formatCount,
  formatDuration,
  formatRelative,
  formatSize,
  formatTimestamp,
  type Locale,
} from './format.ts';
import { usePreferences } from './preferences.ts';

export interface Formatters {
  readonly locale: Locale;
  readonly count: (value: number | bigint | string) => string;
  readonly size: (sizeInBytes: number) => string;
  readonly timestamp: (timestampMs: string) => string;
  readonly relative: (timestampMs: string) => string | null;
  readonly duration: (durationMs: string) => string;
}

export function useFormat(): Formatters {
  const locale = useLingui().i18n.locale as Locale;
  const { timeZone } = usePreferences();
  return useMemo(
    () => ({
      locale,
      count: value => formatCount(value, locale),
      size: sizeInBytes => formatSize(sizeInBytes, locale),
      timestamp: timestampMs => formatTimestamp(timestampMs, timeZone),
      relative: timestampMs => formatRelative(timestampMs, Date.now(), locale),
      duration: durationMs => formatDuration(durationMs, locale),
    }),
    [locale, timeZone],
  );
}
