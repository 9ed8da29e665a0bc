// The columns of the topic list.

import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Badge } from '../../components/ui/badge.tsx';
import type { GridColumn } from '../../components/ui/data-grid.tsx';
import { Skeleton } from '../../components/ui/skeleton.tsx';
import { Tip } from '../../components/ui/tip.tsx';
import type { TopicName, TopicSummary } from '../../lib/api/types.ts';
import { type Translate, useTranslate } from '../../lib/i18n/index.ts';
import { type Formatters, useFormat } from '../../lib/use-format.ts';

/** A topic of the list. Its summary is undefined while on its way and null when it could not be had. */
export interface TopicRow extends TopicName {
  readonly summary: TopicSummary | null | undefined;
}

export function useTopicColumns(showReplication: boolean): readonly GridColumn<TopicRow>[] {
  const t = useTranslate();
  const format = useFormat();
  return useMemo(() => topicColumns({ t, format, showReplication }), [t, format, showReplication]);
}

function topicColumns(options: {
  t: Translate;
  format: Formatters;
  showReplication: boolean;
}): GridColumn<TopicRow>[] {
  const { t, format, showReplication } = options;
  const columns: GridColumn<TopicRow>[] = [
    {
      id: 'name',
      header: t('topics.name'),
      width: 'minmax(240px, 1fr)',
      compare: (left, right) => left.name.localeCompare(right.name),
      cell: row => (
        <span className="flex items-center gap-2">
          <Link
            to="/topics/$topic"
            params={{ topic: row.name }}
            tabIndex={-1}
            className="truncate font-medium hover:text-accent hover:underline"
            title={row.name}
          >
            {row.name}
          </Link>
          {row.internal && <Badge>{t('topics.internal')}</Badge>}
        </span>
      ),
    },
    {
      id: 'partitions',
      header: t('topics.partitions'),
      width: '110px',
      align: 'right',
      compare: (left, right) => left.partitions - right.partitions,
      cell: row => format.count(row.partitions),
    },
    {
      id: 'records',
      header: t('topics.records'),
      width: '130px',
      align: 'right',
      cell: row => summaryCell(row, t, summary => format.count(summary.records)),
    },
    {
      id: 'lastRecord',
      header: t('topics.lastRecord'),
      width: '210px',
      cell: row =>
        summaryCell(row, t, summary => <LastRecord timestamp={summary.lastTimestamp} format={format} />),
    },
    {
      id: 'cleanup',
      header: t('topics.cleanup'),
      width: '120px',
      cell: row => summaryCell(row, t, summary => summary.cleanupPolicy || '—'),
    },
    {
      id: 'retention',
      header: t('topics.retention'),
      width: '120px',
      cell: row => summaryCell(row, t, summary => retentionText(summary, format, t)),
    },
  ];
  if (showReplication) {
    columns.splice(2, 0, {
      id: 'replication',
      header: t('topics.replication'),
      width: '110px',
      align: 'right',
      compare: (left, right) => left.replicationFactor - right.replicationFactor,
      cell: row => format.count(row.replicationFactor),
    });
  }
  return columns;
}

function summaryCell(
  row: TopicRow,
  t: Translate,
  show: (summary: TopicSummary) => React.ReactNode,
): React.ReactNode {
  if (row.summary === undefined) return <Skeleton className="w-14" />;
  const reason = row.summary === null ? t('topics.summaryFailed') : row.summary.error;
  if (row.summary === null || reason !== null) {
    return (
      <Tip text={reason ?? ''}>
        <span className="text-faint">{t('common.notAvailable')}</span>
      </Tip>
    );
  }
  return show(row.summary);
}

function LastRecord({ timestamp, format }: { timestamp: string | null; format: Formatters }) {
  const relative = timestamp === null ? null : format.relative(timestamp);
  if (timestamp === null || relative === null) return <span className="text-faint">—</span>;
  return (
    <time title={relative} className="mono text-xs">
      {format.timestamp(timestamp)}
    </time>
  );
}

function retentionText(summary: TopicSummary, format: Formatters, t: Translate): string {
  if (!summary.retentionMs) return '—';
  return summary.retentionMs.startsWith('-') ? t('topics.forever') : format.duration(summary.retentionMs);
}
