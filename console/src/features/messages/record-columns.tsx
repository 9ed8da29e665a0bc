// The columns of messages, the same for pages and for the live tail.

import { useMemo } from 'react';
import type { GridColumn } from '../../components/ui/data-grid.tsx';
import type { KafkaRecord } from '../../lib/api/types.ts';
import { type Translate, useTranslate } from '../../lib/i18n/index.ts';
import { usePreferences } from '../../lib/preferences.ts';
import { type Formatters, useFormat } from '../../lib/use-format.ts';
import { BodyPreview } from './body-preview.tsx';
import { recordId } from './messages-search.ts';

export const RECORD_ROW_HEIGHT = 32;
/** Beside the open panel the columns are narrower; below these widths the rows scroll sideways. */
export const recordsMinWidth = (narrow: boolean): number => (narrow ? 504 : 740);

export const rowIdOf = (record: KafkaRecord) => recordId(record);

export function useRecordColumns({ narrow }: { narrow: boolean }): readonly GridColumn<KafkaRecord>[] {
  const t = useTranslate();
  const format = useFormat();
  const { timeZone } = usePreferences();
  return useMemo(
    () => columnsOf({ t, format, zone: timeZone === 'utc' ? 'UTC' : t('time.local'), narrow }),
    [t, format, timeZone, narrow],
  );
}

function columnsOf({
  t,
  format,
  zone,
  narrow,
}: {
  t: Translate;
  format: Formatters;
  zone: string;
  narrow: boolean;
}): GridColumn<KafkaRecord>[] {
  return [
    {
      id: 'timestamp',
      header: (
        <>
          {t('messages.timestamp')} <span className="font-normal text-faint">{zone}</span>
        </>
      ),
      width: narrow ? '184px' : '204px',
      cell: record => <time className="mono text-xs text-muted">{format.timestamp(record.timestamp)}</time>,
    },
    {
      id: 'partition',
      header: t('messages.partition'),
      width: narrow ? '46px' : '84px',
      align: 'right',
      cell: record => <span className="mono text-xs text-muted">{record.partition}</span>,
    },
    {
      id: 'offset',
      header: t('messages.offset'),
      width: narrow ? '76px' : '116px',
      align: 'right',
      cell: record => <span className="mono text-xs">{format.count(record.offset)}</span>,
    },
    {
      id: 'key',
      header: t('messages.key'),
      width: narrow ? 'minmax(88px, 132px)' : 'minmax(90px, 180px)',
      cell: record => <BodyPreview body={record.key} kind="key" />,
    },
    {
      id: 'value',
      header: t('messages.value'),
      width: narrow ? 'minmax(110px, 1fr)' : 'minmax(200px, 1fr)',
      cell: record => <BodyPreview body={record.value} kind="value" />,
    },
  ];
}
