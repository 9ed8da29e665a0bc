// `/topics`

import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { CreateTopicDialog } from '../../features/topics/create-topic-dialog.tsx';
import { TopicList } from '../../features/topics/topic-list.tsx';
import { clusterQuery } from '../../lib/api/cluster.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { PageTitle } from '../page-title.tsx';
import { FirstRecordHelp } from './first-record-help.tsx';

const route = getRouteApi('/topics');

export function TopicsPage() {
  const t = useTranslate();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const cluster = useQuery(clusterQuery);
  const [creating, setCreating] = useState(false);
  const openTopic = (topic: string) => navigate({ to: '/topics/$topic', params: { topic } });
  return (
    <>
      <PageTitle title={t('nav.topics')} />
      <TopicList
        search={search.q ?? ''}
        internal={search.internal === 'true'}
        onSearchChange={q =>
          navigate({ search: ({ q: _, ...rest }) => (q === '' ? rest : { ...rest, q }), replace: true })
        }
        onInternalChange={internal =>
          navigate({
            search: ({ internal: _, ...rest }) => (internal ? { ...rest, internal: 'true' } : rest),
            replace: true,
          })
        }
        onOpen={openTopic}
        onCreate={() => setCreating(true)}
        emptyHelp={<FirstRecordHelp topic={null} />}
      />
      <CreateTopicDialog
        open={creating}
        onOpenChange={setCreating}
        onCreated={openTopic}
        canReplicate={(cluster.data?.brokers.length ?? 1) > 1}
      />
    </>
  );
}
