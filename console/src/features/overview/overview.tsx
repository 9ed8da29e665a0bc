// The first page: is it up, where is it, how do I connect, what did I look at last.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '../../components/ui/badge.tsx';
import { Card } from '../../components/ui/card.tsx';
import { CopyButton } from '../../components/ui/copy-button.tsx';
import { Skeleton } from '../../components/ui/skeleton.tsx';
import { ErrorState } from '../../components/ui/states.tsx';
import { bootstrapServersOf, clusterQuery } from '../../lib/api/cluster.ts';
import { topicsQuery } from '../../lib/api/topics.ts';
import type { Cluster } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { usePreferences } from '../../lib/preferences.ts';
import { useFormat } from '../../lib/use-format.ts';
import { ConnectCard } from './connect-card.tsx';

export function Overview() {
  const t = useTranslate();
  const cluster = useQuery(clusterQuery);
  if (cluster.data === undefined && cluster.isError) {
    return (
      <ErrorState
        title={t('cluster.error')}
        onPage
        error={cluster.error}
        onRetry={() => cluster.refetch()}
        busy={cluster.isFetching}
      />
    );
  }
  return (
    <div className="min-h-0 grow overflow-y-auto px-6 pb-8">
      <Figures cluster={cluster.data} />
      <div className="grid items-start gap-4 min-[1180px]:grid-cols-[minmax(0,1fr)_minmax(0,1.15fr)]">
        <div className="grid gap-4">
          <ClusterCard cluster={cluster.data} />
          <RecentTopics />
        </div>
        {cluster.data === undefined ? (
          <div className="h-80 rounded-card border border-line bg-surface" />
        ) : (
          <ConnectCard cluster={cluster.data} />
        )}
      </div>
    </div>
  );
}

function Figures({ cluster }: { cluster: Cluster | undefined }) {
  const t = useTranslate();
  const format = useFormat();
  const topics = useQuery(topicsQuery({ internal: false }));
  const partitions = topics.data?.reduce((sum, topic) => sum + topic.partitions, 0);
  const shown = (value: number | undefined, failed: boolean) =>
    value !== undefined ? format.count(value) : failed ? '—' : null;
  return (
    <dl className="flex flex-wrap gap-x-14 gap-y-4 pt-1 pb-6">
      <Figure label={t('overview.topics')} value={shown(topics.data?.length, topics.isError)} />
      <Figure label={t('overview.partitions')} value={shown(partitions, topics.isError)} />
      <Figure label={t('overview.brokers')} value={shown(cluster?.brokers.length, false)} />
      <Figure label={t('overview.version')} value={cluster?.version ?? null} />
    </dl>
  );
}

function Figure({ label, value }: { label: string; value: string | null }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="flex h-8 items-center text-2xl font-semibold tracking-[-0.01em] tabular-nums">
        {value ?? <Skeleton className="h-5! w-12" />}
      </dd>
    </div>
  );
}

function ClusterCard({ cluster }: { cluster: Cluster | undefined }) {
  const t = useTranslate();
  const format = useFormat();
  const servers = cluster === undefined ? '' : bootstrapServersOf(cluster).join(', ');
  return (
    <Card
      title={t('overview.cluster')}
      aside={
        cluster !== undefined && (
          <Badge tone={cluster.mode === 'embedded' ? 'accent' : 'warning'}>
            {t(`cluster.mode.${cluster.mode}`)}
          </Badge>
        )
      }
    >
      <dl className="px-4 pt-1 pb-3">
        <Fact name={t('overview.bootstrap')} value={cluster && servers} copy={t('overview.copyBootstrap')} />
        <Fact
          name={t('overview.clusterId')}
          value={cluster && (cluster.clusterId ?? '—')}
          copy={cluster?.clusterId ? t('overview.copyClusterId') : null}
        />
        {cluster?.mode !== 'external' && <StorageFacts cluster={cluster} />}
        {cluster?.mode === 'external' && (
          <Fact
            name={t('overview.controller')}
            value={cluster.controllerId === null ? '—' : String(cluster.controllerId)}
          />
        )}
        <Fact
          name={t('overview.started')}
          value={cluster && format.timestamp(String(Date.parse(cluster.startedAt)))}
        />
      </dl>
    </Card>
  );
}

/** Where the records of the broker in this process are, and what a failure would cost. */
function StorageFacts({ cluster }: { cluster: Cluster | undefined }) {
  const t = useTranslate();
  if (cluster !== undefined && cluster.dataDirectory === null) {
    return (
      <Fact name={t('overview.dataDirectory')} value={t('overview.memory')}>
        <p className="text-xs text-muted">{t('durability.memory')}</p>
      </Fact>
    );
  }
  const durability = cluster?.durability ?? null;
  return (
    <>
      <Fact
        name={t('overview.dataDirectory')}
        value={cluster?.dataDirectory ?? undefined}
        copy={t('overview.copyDataDirectory')}
      />
      <Fact name={t('overview.durability')} value={cluster && (durability ?? '—')}>
        {durability !== null && <p className="text-xs text-muted">{t(`durability.${durability}`)}</p>}
      </Fact>
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly copy?: string | null;
  readonly children?: ReactNode;
}

function Fact({ name, value, copy = null, children }: FactProps) {
  return (
    <div className="grid min-h-9 grid-cols-[132px_minmax(0,1fr)] items-baseline gap-3 border-t border-line py-1.5 first:border-t-0">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="min-w-0">
        <span className="flex min-h-6 items-center gap-1">
          {value === undefined ? (
            <Skeleton className="w-40" />
          ) : (
            <span className="mono text-sm break-all">{value}</span>
          )}
          {copy !== null && value !== undefined && <CopyButton text={value} label={copy} className="-my-1" />}
        </span>
        {children}
      </dd>
    </div>
  );
}

function RecentTopics() {
  const t = useTranslate();
  const { recentTopics } = usePreferences();
  return (
    <Card title={t('overview.recent')}>
      {recentTopics.length === 0 ? (
        <p className="flex items-center gap-2 px-4 pb-4 text-sm text-muted">
          <History size={15} aria-hidden className="shrink-0 text-faint" />
          {t('overview.noRecent')}
        </p>
      ) : (
        <ul className="pb-2">
          {recentTopics.map(topic => (
            <li key={topic}>
              <Link
                to="/topics/$topic"
                params={{ topic }}
                className="ring-inside block truncate px-4 py-1.5 text-sm font-medium hover:bg-hover hover:text-accent"
              >
                {topic}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
