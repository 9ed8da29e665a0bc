// Says on every page when Kafka, or the console's own server, does not answer; when it is back, everything is asked anew.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { messageOf } from '../components/ui/states.tsx';
import { clusterQuery } from '../lib/api/cluster.ts';
import { useTranslate } from '../lib/i18n/index.ts';

export function ClusterBanner() {
  const t = useTranslate();
  const client = useQueryClient();
  const cluster = useQuery(clusterQuery);
  const isDown = cluster.isError || cluster.data?.reachable === false;
  const wasDown = useRef(false);
  useEffect(() => {
    if (wasDown.current && !isDown)
      void client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'cluster' });
    wasDown.current = isDown;
  }, [client, isDown]);
  if (!isDown) return null;
  const serverGone = cluster.isError;
  const { message, hint } = serverGone
    ? messageOf(cluster.error, t)
    : { message: cluster.data?.error ?? '', hint: t('banner.hint') };
  const title = t(serverGone ? 'banner.serverGone' : 'banner.unreachable');
  return (
    <div
      role="alert"
      className="flex shrink-0 gap-3 border-b border-danger/35 bg-danger-soft px-6 py-2.5 text-sm"
    >
      <CircleAlert size={17} aria-hidden className="mt-0.5 shrink-0 text-danger" />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        <p className="break-words text-muted">{[message, hint].filter(Boolean).join(' ')}</p>
      </div>
    </div>
  );
}
