// The configuration of a topic: every key with its value, where the value comes from and what it means.

import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { DataGrid, type GridColumn } from '../../components/ui/data-grid.tsx';
import { Checkbox } from '../../components/ui/field.tsx';
import { GridSkeleton } from '../../components/ui/grid-header.tsx';
import { ListCard } from '../../components/ui/list-card.tsx';
import { SearchBox } from '../../components/ui/search-box.tsx';
import { EmptyState, ErrorState } from '../../components/ui/states.tsx';
import { topicConfigsQuery } from '../../lib/api/topics.ts';
import type { ConfigEntry } from '../../lib/api/types.ts';
import { type Translate, useTranslate } from '../../lib/i18n/index.ts';
import { type Formatters, useFormat } from '../../lib/use-format.ts';
import { ConfigDialog } from './config-dialog.tsx';
import { configMeaning, isSetOnTopic, plainText } from './config-values.ts';

const ROW_HEIGHT = 36;
const MIN_WIDTH = 820;
const rowId = (row: ConfigEntry) => row.name;

function columnsOf(t: Translate, format: Formatters): GridColumn<ConfigEntry>[] {
  return [
    {
      id: 'name',
      header: t('configs.name'),
      width: '300px',
      compare: (left, right) => left.name.localeCompare(right.name),
      cell: row => (
        <span className="mono text-xs" title={row.name}>
          {row.name}
        </span>
      ),
    },
    {
      id: 'value',
      header: t('configs.value'),
      width: '260px',
      cell: row => <ConfigValue entry={row} t={t} format={format} />,
    },
    {
      id: 'source',
      header: t('configs.source'),
      width: '150px',
      cell: row =>
        isSetOnTopic(row) ? (
          <Badge tone="accent">{t('configs.sourceTopic')}</Badge>
        ) : (
          <span className="text-muted">{sourceText(row, t)}</span>
        ),
    },
    {
      id: 'documentation',
      header: t('configs.documentation'),
      width: 'minmax(200px, 1fr)',
      cell: row => (
        <span className="text-muted">{row.documentation === null ? '' : plainText(row.documentation)}</span>
      ),
    },
  ];
}

function sourceText(entry: ConfigEntry, t: Translate): string {
  return entry.default || entry.source.includes('DEFAULT_CONFIG')
    ? t('configs.sourceDefault')
    : t('configs.sourceBroker');
}

function ConfigValue({ entry, t, format }: { entry: ConfigEntry; t: Translate; format: Formatters }) {
  if (entry.sensitive) return <Badge>{t('configs.sensitive')}</Badge>;
  if (entry.value === null) return <span className="text-faint">—</span>;
  const meaning = configMeaning(entry, format);
  return (
    <span className="mono text-xs">
      {entry.value === '' ? <span className="text-faint">{t('messages.empty')}</span> : entry.value}
      {meaning !== null && <span className="ml-2 font-sans text-faint">{meaning}</span>}
    </span>
  );
}

export function ConfigurationView({ topic }: { topic: string }) {
  const t = useTranslate();
  const format = useFormat();
  const grid = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const [editing, setEditing] = useState<ConfigEntry | null>(null);
  const configs = useQuery(topicConfigsQuery(topic));
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  const rows = useMemo(
    () =>
      (configs.data ?? []).filter(
        entry => entry.name.includes(search.trim().toLowerCase()) && (!onlySet || isSetOnTopic(entry)),
      ),
    [configs.data, search, onlySet],
  );
  const clear = () => {
    setSearch('');
    setOnlySet(false);
  };
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-6 py-3">
        <SearchBox
          label={t('configs.search')}
          value={search}
          onChange={setSearch}
          onLeave={() => grid.current?.focus()}
        />
        <Checkbox
          label={t('configs.onlySet')}
          checked={onlySet}
          onChange={event => setOnlySet(event.target.checked)}
        />
      </div>
      <ListCard>
        {rows.length > 0 ? (
          <DataGrid
            label={t('configs.title')}
            rows={rows}
            columns={columns}
            rowHeight={ROW_HEIGHT}
            minWidth={MIN_WIDTH}
            rowId={rowId}
            activeId={active}
            onActiveChange={row => setActive(row.name)}
            onOpen={setEditing}
            gridRef={grid}
          />
        ) : configs.isPending ? (
          <GridSkeleton
            label={t('common.loading')}
            columns={columns}
            rowHeight={ROW_HEIGHT}
            minWidth={MIN_WIDTH}
          />
        ) : configs.isError ? (
          <ErrorState
            title={t('configs.error')}
            error={configs.error}
            onRetry={() => configs.refetch()}
            busy={configs.isFetching}
          />
        ) : (
          <EmptyState
            icon={<SearchX size={20} />}
            title={t('configs.noMatchTitle')}
            text={t('configs.noMatchText')}
          >
            <Button onClick={clear}>{t('common.clearFilters')}</Button>
          </EmptyState>
        )}
      </ListCard>
      <ConfigDialog topic={topic} entry={editing} onClose={() => setEditing(null)} />
    </>
  );
}
