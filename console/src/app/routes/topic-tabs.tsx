// The tabs below `/topics/$topic`.

import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { GridSkeleton } from '../../components/ui/grid-header.tsx';
import type { MessagesSearch } from '../../features/messages/messages-search.ts';
import { MessagesView } from '../../features/messages/messages-view.tsx';
import {
  RECORD_ROW_HEIGHT,
  recordsMinWidth,
  useRecordColumns,
} from '../../features/messages/record-columns.tsx';
import { produceFormOf } from '../../features/messages/record-draft.ts';
import { ConfigurationView } from '../../features/topics/configuration-view.tsx';
import { PartitionsView } from '../../features/topics/partitions-view.tsx';
import { useTranslate } from '../../lib/i18n/index.ts';
import { FirstRecordHelp } from './first-record-help.tsx';
import { useTopicPage } from './topic-context.ts';

const messagesRoute = getRouteApi('/topics/$topic/');

export function MessagesTab() {
  const { topic, openProduce } = useTopicPage();
  const search = messagesRoute.useSearch();
  const navigate = messagesRoute.useNavigate();
  const onSearchChange = useCallback(
    (next: MessagesSearch, options?: { replace: boolean }) =>
      void navigate({ search: next, replace: options?.replace ?? false }),
    [navigate],
  );
  if (topic === undefined) return <MessagesSkeleton />;
  return (
    <MessagesView
      topic={topic}
      search={search}
      onSearchChange={onSearchChange}
      onProduceAgain={record => openProduce(produceFormOf(record))}
      emptyHelp={<FirstRecordHelp topic={topic.name} />}
    />
  );
}

function MessagesSkeleton() {
  const t = useTranslate();
  const columns = useRecordColumns({ narrow: false });
  return (
    <div className="mx-6 mt-14 mb-6 min-h-0 grow overflow-hidden rounded-card border border-line bg-surface">
      <GridSkeleton
        label={t('common.loading')}
        columns={columns}
        rowHeight={RECORD_ROW_HEIGHT}
        minWidth={recordsMinWidth(false)}
      />
    </div>
  );
}

export function PartitionsTab() {
  const { topic } = useTopicPage();
  return topic === undefined ? null : <PartitionsView topic={topic} />;
}

export function ConfigurationTab() {
  const { topic } = useTopicPage();
  return topic === undefined ? null : <ConfigurationView topic={topic.name} />;
}
