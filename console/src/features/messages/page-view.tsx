// Records page by page: scrolling to the end brings the next page. What arrived since is announced, not forced in.

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowUp, Inbox, SearchX } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useMemo } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { DataGrid } from '../../components/ui/data-grid.tsx';
import { GridSkeleton } from '../../components/ui/grid-header.tsx';
import { EmptyState, ErrorState } from '../../components/ui/states.tsx';
import { PAGE_RECORDS, PAGES_MAX, type RecordsRequest, recordsQuery } from '../../lib/api/records.ts';
import type { KafkaRecord, RecordPage, Topic } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { useFormat } from '../../lib/use-format.ts';
import { arrivedSince } from './arrived-since.ts';
import { RECORD_ROW_HEIGHT, recordsMinWidth, rowIdOf, useRecordColumns } from './record-columns.tsx';

export interface PageViewProps {
  readonly topic: Topic;
  readonly request: RecordsRequest;
  readonly activeId: string | null;
  readonly onActiveChange: (record: KafkaRecord) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onReset: () => void;
  /** The panel is open and takes room. */
  readonly narrow: boolean;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  /** Shown while the topic holds nothing at all. */
  readonly emptyHelp: ReactNode;
}

/** Starts over from the first page. The rows on screen stay until the new ones are there. */
export function useRefreshRecords(topic: string): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    client.setQueriesData<{ pages: RecordPage[]; pageParams: unknown[] }>(
      { queryKey: ['records', topic] },
      data =>
        data === undefined
          ? data
          : { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    void client.invalidateQueries({ queryKey: ['records', topic] });
  }, [client, topic]);
}

export function PageView(props: PageViewProps) {
  const t = useTranslate();
  const format = useFormat();
  const columns = useRecordColumns({ narrow: props.narrow });
  const { topic, request } = props;
  const query = useInfiniteQuery(recordsQuery(request));
  const refresh = useRefreshRecords(topic.name);
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap(page => page.records) ?? [], [pages]);
  const isNewest = request.start.kind === 'newest';
  const arrived = isNewest ? arrivedSince({ page: pages?.[0], topic, partitions: request.partitions }) : 0n;
  const isEmptyTopic = topic.partitions.every(partition => partition.earliest === partition.latest);

  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const showNewest = () => {
    refresh();
    props.gridRef.current?.scrollTo({ top: 0 });
  };

  // A page can be empty with more behind it: what it covered was compacted away or belongs to aborted transactions.
  useEffect(() => {
    if (rows.length === 0) onNearEnd();
  }, [rows.length, onNearEnd]);

  // An empty page fills itself as soon as there is something: nobody should have to press a button to see a first record.
  const shouldFill = rows.length === 0 && arrived > 0n && !isFetching;
  useEffect(() => {
    if (shouldFill) refresh();
  }, [shouldFill, refresh]);

  if (rows.length === 0) {
    if (query.isPending || (hasNextPage && !isError)) {
      return (
        <GridSkeleton
          label={t('common.loading')}
          columns={columns}
          rowHeight={RECORD_ROW_HEIGHT}
          minWidth={recordsMinWidth(props.narrow)}
        />
      );
    }
    if (query.isError)
      return (
        <ErrorState
          title={t('messages.error')}
          error={query.error}
          onRetry={() => query.refetch()}
          busy={isFetching}
        />
      );
    return isEmptyTopic ? (
      <EmptyState icon={<Inbox size={20} />} title={t('messages.emptyTitle')} text={t('messages.emptyText')}>
        {props.emptyHelp}
      </EmptyState>
    ) : (
      <EmptyState
        icon={<SearchX size={20} />}
        title={t('messages.noMatchTitle')}
        text={t('messages.noMatchText')}
      >
        <Button onClick={props.onReset}>{t('common.clearFilters')}</Button>
      </EmptyState>
    );
  }

  const isFull = pages!.length >= PAGES_MAX;
  return (
    <div className="relative flex h-full min-h-0 flex-col">
      {arrived > 0n && !query.isRefetching && (
        <Button
          variant="primary"
          className="absolute top-11 left-1/2 z-20 h-7 -translate-x-1/2 rounded-full shadow-[0_2px_10px_rgb(0_0_0/22%)]"
          icon={<ArrowUp size={14} />}
          onClick={showNewest}
        >
          {t('messages.newArrived', { count: Number(arrived), shown: format.count(arrived) })}
        </Button>
      )}
      {query.isError && (
        <ErrorState
          title={t('messages.error')}
          error={query.error}
          onRetry={() => query.fetchNextPage()}
          busy={isFetching}
        />
      )}
      <div className="flex min-h-0 grow flex-col">
        <DataGrid
          label={t('messages.title')}
          rows={rows}
          columns={columns}
          rowHeight={RECORD_ROW_HEIGHT}
          minWidth={recordsMinWidth(props.narrow)}
          dense={props.narrow}
          rowId={rowIdOf}
          activeId={props.activeId}
          onActiveChange={props.onActiveChange}
          onKeyDown={props.onKeyDown}
          onNearEnd={onNearEnd}
          gridRef={props.gridRef}
          rowCount={hasNextPage ? null : rows.length}
        />
      </div>
      <div
        role="status"
        className="flex h-8 shrink-0 items-center gap-2 border-t border-line px-3 text-xs text-faint tabular-nums"
      >
        {t('messages.shown', { count: rows.length, shown: format.count(rows.length) })}
        {query.isFetchingNextPage && <span>· {t('messages.loadingMore')}</span>}
        {!hasNextPage && !isFull && (
          <span>· {t(isNewest ? 'messages.reachedOldest' : 'messages.reachedNewest')}</span>
        )}
        {isFull && <span>· {t('messages.full', { count: format.count(PAGES_MAX * PAGE_RECORDS) })}</span>}
      </div>
    </div>
  );
}
