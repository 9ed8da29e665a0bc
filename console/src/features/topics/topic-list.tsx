// The list of topics: names at once, numbers as rows come into sight. Typing filters without asking the server.

import { useQueries, useQuery } from '@tanstack/react-query';
import { Layers, Plus, SearchX } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { DataGrid } from '../../components/ui/data-grid.tsx';
import { Checkbox } from '../../components/ui/field.tsx';
import { GridSkeleton } from '../../components/ui/grid-header.tsx';
import { ListCard } from '../../components/ui/list-card.tsx';
import { SearchBox } from '../../components/ui/search-box.tsx';
import { EmptyState, ErrorState } from '../../components/ui/states.tsx';
import { topicSummaryQuery, topicsQuery } from '../../lib/api/topics.ts';
import type { TopicName } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { useFormat } from '../../lib/use-format.ts';
import { type TopicRow, useTopicColumns } from './topic-columns.tsx';
import { matchesSearch } from './topic-search.ts';

export interface TopicListProps {
  readonly search: string;
  readonly internal: boolean;
  readonly onSearchChange: (search: string) => void;
  readonly onInternalChange: (internal: boolean) => void;
  readonly onOpen: (topic: string) => void;
  readonly onCreate: () => void;
  /** Shown while there is no topic at all. */
  readonly emptyHelp: ReactNode;
}

const ROW_HEIGHT = 36;
const MIN_WIDTH = 760;
const rowId = (row: TopicRow) => row.name;

/** Rows with the summaries that have come so far; asks for those of the rows on screen. */
function useTopicRows(topics: readonly TopicName[]) {
  const [visible, setVisible] = useState<readonly string[]>([]);
  const summaries = useQueries({
    queries: visible.map(name => topicSummaryQuery(name)),
    combine: results =>
      new Map(
        results.map((result, index) => [visible[index]!, { data: result.data, failed: result.isError }]),
      ),
  });
  const known = useRef(new Map<string, TopicRow['summary']>());
  const rows = useMemo(() => {
    for (const [name, { data, failed }] of summaries) {
      if (data !== undefined) known.current.set(name, data);
      else if (failed) known.current.set(name, null);
    }
    return topics.map((topic): TopicRow => ({ ...topic, summary: known.current.get(topic.name) }));
  }, [topics, summaries]);
  const onVisibleChange = useCallback((shown: readonly TopicRow[]) => {
    const names = shown.map(row => row.name);
    setVisible(previous => (previous.join() === names.join() ? previous : names));
  }, []);
  return { rows, onVisibleChange };
}

export function TopicList(props: TopicListProps) {
  const t = useTranslate();
  const format = useFormat();
  const grid = useRef<HTMLDivElement>(null);
  const [activeName, setActiveName] = useState<string | null>(null);
  const topics = useQuery(topicsQuery({ internal: props.internal }));
  const matching = useMemo(
    () => (topics.data ?? []).filter(topic => matchesSearch(topic.name, props.search)),
    [topics.data, props.search],
  );
  const { rows, onVisibleChange } = useTopicRows(matching);
  const columns = useTopicColumns(matching.some(topic => topic.replicationFactor !== 1));

  const enterGrid = () => {
    grid.current?.focus();
    setActiveName(name =>
      name !== null && matching.some(topic => topic.name === name) ? name : (rows[0]?.name ?? null),
    );
  };

  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-6 pb-4">
        <SearchBox
          label={t('topics.search')}
          value={props.search}
          onChange={props.onSearchChange}
          onLeave={enterGrid}
        />
        <Checkbox
          label={t('topics.showInternal')}
          checked={props.internal}
          onChange={event => props.onInternalChange(event.target.checked)}
        />
        <span role="status" className="text-sm text-faint tabular-nums">
          {topics.data !== undefined &&
            props.search !== '' &&
            t('topics.matching', {
              shown: format.count(matching.length),
              total: format.count(topics.data.length),
            })}
        </span>
        <Button variant="primary" icon={<Plus size={15} />} className="ml-auto" onClick={props.onCreate}>
          {t('topics.create')}
        </Button>
      </div>
      <ListCard>
        {rows.length > 0 ? (
          <DataGrid
            label={t('topics.title')}
            rows={rows}
            columns={columns}
            rowHeight={ROW_HEIGHT}
            minWidth={MIN_WIDTH}
            rowId={rowId}
            activeId={activeName}
            onActiveChange={row => setActiveName(row.name)}
            onOpen={row => props.onOpen(row.name)}
            onVisibleChange={onVisibleChange}
            gridRef={grid}
          />
        ) : topics.isPending ? (
          <GridSkeleton
            label={t('common.loading')}
            columns={columns}
            rowHeight={ROW_HEIGHT}
            minWidth={MIN_WIDTH}
          />
        ) : topics.isError && topics.data === undefined ? (
          <ErrorState
            title={t('topics.error')}
            error={topics.error}
            onRetry={() => topics.refetch()}
            busy={topics.isFetching}
          />
        ) : topics.data?.length === 0 ? (
          <EmptyState icon={<Layers size={20} />} title={t('topics.emptyTitle')} text={t('topics.emptyText')}>
            <Button variant="primary" icon={<Plus size={15} />} onClick={props.onCreate}>
              {t('topics.create')}
            </Button>
            {props.emptyHelp}
          </EmptyState>
        ) : (
          <EmptyState
            icon={<SearchX size={20} />}
            title={t('topics.noMatchTitle')}
            text={t('topics.noMatchText', { search: props.search })}
          >
            <Button onClick={() => props.onSearchChange('')}>{t('common.clearSearch')}</Button>
          </EmptyState>
        )}
      </ListCard>
    </>
  );
}
