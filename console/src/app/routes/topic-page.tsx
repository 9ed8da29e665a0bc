// `/topics/$topic`: the head of a topic and its tabs. The tab's content is a child route.

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet, useNavigate } from '@tanstack/react-router';
import { SendHorizontal, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Badge } from '../../components/ui/badge.tsx';
import { Button, IconButton } from '../../components/ui/button.tsx';
import { CopyButton } from '../../components/ui/copy-button.tsx';
import { Skeleton } from '../../components/ui/skeleton.tsx';
import { ErrorState } from '../../components/ui/states.tsx';
import { ProduceDialog } from '../../features/messages/produce-dialog.tsx';
import { EMPTY_PRODUCE_FORM, type ProduceForm } from '../../features/messages/record-draft.ts';
import { DeleteTopicDialog } from '../../features/topics/delete-topic-dialog.tsx';
import { ApiError } from '../../lib/api/request.ts';
import { topicQuery } from '../../lib/api/topics.ts';
import type { Topic } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { rememberTopic } from '../../lib/preferences.ts';
import { useFormat } from '../../lib/use-format.ts';
import { PageTitle } from '../page-title.tsx';
import { TopicContext } from './topic-context.ts';

const route = getRouteApi('/topics/$topic');

export function TopicPage() {
  const { topic: name } = route.useParams();
  // A new topic is a new page: nothing of the former one's dialogs stays.
  return <TopicFrame key={name} name={name} />;
}

function TopicFrame({ name }: { name: string }) {
  const t = useTranslate();
  const navigate = useNavigate();
  const query = useQuery(topicQuery(name));
  // A topic that was deleted meanwhile is gone; any other failure leaves what was read last on the screen.
  const isGone = query.error instanceof ApiError && query.error.status === 404;
  const topic = isGone ? undefined : query.data;
  const [produceForm, setProduceForm] = useState<ProduceForm>(EMPTY_PRODUCE_FORM);
  const [producing, setProducing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const isKnown = topic !== undefined;
  useEffect(() => {
    if (isKnown) rememberTopic(name);
  }, [isKnown, name]);
  const openProduce = useCallback((form: ProduceForm) => {
    setProduceForm(form);
    setProducing(true);
  }, []);
  const context = useMemo(() => ({ topic, openProduce }), [topic, openProduce]);

  return (
    <>
      <PageTitle
        title={name}
        beside={
          <>
            <CopyButton text={name} label={t('topic.copyName')} />
            {topic?.internal && <Badge>{t('topics.internal')}</Badge>}
          </>
        }
        actions={
          topic !== undefined && (
            <>
              {!topic.internal && (
                <IconButton
                  label={t('topic.delete')}
                  icon={<Trash2 size={16} />}
                  className="size-8"
                  onClick={() => setDeleting(true)}
                />
              )}
              {!topic.internal && (
                <Button
                  variant="primary"
                  icon={<SendHorizontal size={15} />}
                  onClick={() => openProduce(EMPTY_PRODUCE_FORM)}
                >
                  {t('topic.produce')}
                </Button>
              )}
            </>
          )
        }
      />
      <TopicNumbers topic={topic} failed={query.isError} />
      <TopicTabs name={name} />
      {topic === undefined && query.isError ? (
        <ErrorState
          title={t('topic.error')}
          onPage
          error={query.error}
          onRetry={() => query.refetch()}
          busy={query.isFetching}
        />
      ) : (
        <TopicContext value={context}>
          <Outlet />
        </TopicContext>
      )}
      {topic !== undefined && (
        <>
          <ProduceDialog topic={topic} open={producing} onOpenChange={setProducing} initial={produceForm} />
          <DeleteTopicDialog
            topic={topic}
            open={deleting}
            onOpenChange={setDeleting}
            onDeleted={() => navigate({ to: '/topics' })}
          />
        </>
      )}
    </>
  );
}

function TopicNumbers({ topic, failed }: { topic: Topic | undefined; failed: boolean }) {
  const t = useTranslate();
  const format = useFormat();
  if (topic === undefined && failed) return null;
  return (
    <p className="flex min-h-5 shrink-0 items-center gap-4 px-6 text-sm text-muted tabular-nums">
      {topic === undefined ? (
        <Skeleton className="w-52" />
      ) : (
        <>
          <span>
            {t('topic.records', { count: Number(topic.records), shown: format.count(topic.records) })}
          </span>
          <span>
            {t('topic.partitions', {
              count: topic.partitions.length,
              shown: format.count(topic.partitions.length),
            })}
          </span>
        </>
      )}
    </p>
  );
}

const tabClass =
  'ring-inside -mb-px inline-flex h-10 items-center border-b-2 border-transparent text-sm text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink';

function TopicTabs({ name }: { name: string }) {
  const t = useTranslate();
  const params = { topic: name };
  return (
    <nav aria-label={t('topic.sections')} className="mt-1 flex shrink-0 gap-6 border-b border-line px-6">
      <Link
        to="/topics/$topic"
        params={params}
        activeOptions={{ exact: true, includeSearch: false }}
        className={tabClass}
      >
        {t('topic.messages')}
      </Link>
      <Link to="/topics/$topic/partitions" params={params} className={tabClass}>
        {t('topic.partitionsTab')}
      </Link>
      <Link to="/topics/$topic/configuration" params={params} className={tabClass}>
        {t('topic.configuration')}
      </Link>
    </nav>
  );
}
