// Where am I, and on which cluster. An external cluster is marked in another colour, so that nobody mistakes it for
// the one on this machine.

import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import { Badge } from '../components/ui/badge.tsx';
import { bootstrapServersOf, clusterQuery } from '../lib/api/cluster.ts';
import { useTranslate } from '../lib/i18n/index.ts';

export function TopBar() {
  const cluster = useQuery(clusterQuery);
  return (
    <header
      className={clsx(
        'flex h-12 shrink-0 items-center gap-4 border-b border-line bg-surface px-6',
        cluster.data?.mode === 'external' && 'shadow-[inset_0_3px_0_var(--warning)]',
      )}
    >
      <Breadcrumb />
      <ClusterStrip />
    </header>
  );
}

function Breadcrumb() {
  const t = useTranslate();
  const topic = useRouterState({
    select: state =>
      state.matches.map(match => (match.params as { topic?: string }).topic).find(name => name !== undefined),
  });
  const isTopics = useRouterState({
    select: state => state.matches.some(match => match.routeId.startsWith('/topics')),
  });
  const steps = isTopics
    ? topic === undefined
      ? [<span key="topics">{t('nav.topics')}</span>]
      : [
          <Link key="topics" to="/topics" className="rounded-[4px] text-muted hover:text-ink">
            {t('nav.topics')}
          </Link>,
          <span key="topic" className="truncate">
            {topic}
          </span>,
        ]
    : [<span key="overview">{t('nav.overview')}</span>];
  return (
    <nav aria-label={t('nav.breadcrumb')} className="min-w-0 grow">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm">
        {steps.map((step, index) => (
          <Fragment key={step.key}>
            {index > 0 && (
              <li aria-hidden>
                <ChevronRight size={14} className="text-faint" />
              </li>
            )}
            <li
              className={clsx('flex', index === steps.length - 1 ? 'min-w-0' : 'shrink-0')}
              aria-current={index === steps.length - 1 ? 'page' : undefined}
            >
              {step}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

function ClusterStrip() {
  const t = useTranslate();
  const cluster = useQuery(clusterQuery);
  if (cluster.data === undefined && !cluster.isError) return null;
  const reachable = cluster.data?.reachable === true && !cluster.isError;
  return (
    <div className="flex min-w-0 shrink-0 items-center gap-3 text-sm">
      {cluster.data !== undefined && (
        <>
          <Badge tone={cluster.data.mode === 'external' ? 'warning' : 'neutral'}>
            {t(`cluster.mode.${cluster.data.mode}`)}
          </Badge>
          <span className="mono hidden max-w-64 truncate text-xs text-muted md:inline">
            {bootstrapServersOf(cluster.data).join(', ')}
          </span>
        </>
      )}
      <span role="status" className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <span aria-hidden className={clsx('size-2 rounded-full', reachable ? 'bg-success' : 'bg-danger')} />
        {t(reachable ? 'cluster.reachable' : 'cluster.unreachable')}
      </span>
    </div>
  );
}
