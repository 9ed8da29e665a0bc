// Records as they arrive, newest on top.

import { Pause, Play, Radio, Trash2 } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { DataGrid } from '../../components/ui/data-grid.tsx';
import { EmptyState, ErrorState } from '../../components/ui/states.tsx';
import { tail } from '../../lib/api/records.ts';
import { ApiError } from '../../lib/api/request.ts';
import type { KafkaRecord } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { useShortcut } from '../../lib/shortcuts.ts';
import { useFormat } from '../../lib/use-format.ts';
import { RECORD_ROW_HEIGHT, recordsMinWidth, rowIdOf, useRecordColumns } from './record-columns.tsx';
import { TAIL_ROWS_MAX, TailStore } from './tail-store.ts';

const RECONNECT_MS = 2_000;

export interface LiveViewProps {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly activeId: string | null;
  readonly onActiveChange: (record: KafkaRecord) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** The panel is open and takes room. */
  readonly narrow: boolean;
  readonly gridRef: RefObject<HTMLDivElement | null>;
}

export function LiveView(props: LiveViewProps) {
  const t = useTranslate();
  const format = useFormat();
  const { topic, partitions } = props;
  const [store] = useState(() => new TailStore());
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const columns = useRecordColumns({ narrow: props.narrow });
  const partitionsKey = partitions.join();
  const connect = () => store.open(options => tail({ ...options, topic, partitions }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: `partitions` is a new array on every render; its text is what counts
  useEffect(() => {
    store.clear();
    connect();
    return () => store.close();
  }, [store, topic, partitionsKey]);
  // A lost stream is opened again until it holds; a refusal (an unknown topic, say) stays refused.
  const { status, error } = snapshot;
  const isLost =
    status === 'failed' && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failure, told by its error, is followed by one attempt
  useEffect(() => {
    if (!isLost) return;
    const timer = setTimeout(connect, RECONNECT_MS);
    return () => clearTimeout(timer);
  }, [isLost, error]);
  useShortcut('p', () => (snapshot.paused ? store.resume() : store.pause()));

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-3 text-sm">
        <LiveMark status={snapshot.status} paused={snapshot.paused} />
        <span role="status" className="text-muted tabular-nums">
          {t('live.received', { count: snapshot.received, shown: format.count(snapshot.received) })}
          {snapshot.paused && snapshot.waiting > 0 && (
            <span className="ml-2 font-medium text-accent">
              {t('live.waitingNew', { count: format.count(snapshot.waiting) })}
            </span>
          )}
          {snapshot.received > TAIL_ROWS_MAX && (
            <span className="ml-2 text-faint">{t('live.ring', { count: format.count(TAIL_ROWS_MAX) })}</span>
          )}
        </span>
        {snapshot.interrupted && <span className="truncate text-warning">{t('live.interrupted')}</span>}
        <div className="ml-auto flex gap-1">
          <Button
            variant="ghost"
            className="h-7"
            icon={<Trash2 size={14} />}
            onClick={() => store.clear()}
            disabled={snapshot.received === 0}
          >
            {t('live.clear')}
          </Button>
          {snapshot.paused ? (
            <Button className="h-7" icon={<Play size={14} />} onClick={() => store.resume()}>
              {t('live.resume')}
            </Button>
          ) : (
            <Button
              className="h-7"
              icon={<Pause size={14} />}
              onClick={() => store.pause()}
              disabled={snapshot.status === 'failed'}
            >
              {t('live.pause')}
            </Button>
          )}
        </div>
      </div>
      {snapshot.status === 'failed' && (
        <ErrorState title={t('live.error')} error={snapshot.error} onRetry={connect} />
      )}
      <div className="flex min-h-0 grow flex-col">
        {snapshot.rows.length > 0 ? (
          <DataGrid
            label={t('live.title')}
            rows={snapshot.rows}
            columns={columns}
            rowHeight={RECORD_ROW_HEIGHT}
            minWidth={recordsMinWidth(props.narrow)}
            dense={props.narrow}
            rowId={rowIdOf}
            activeId={props.activeId}
            onActiveChange={props.onActiveChange}
            onKeyDown={props.onKeyDown}
            gridRef={props.gridRef}
            keepScroll
          />
        ) : snapshot.status === 'failed' ? null : (
          <EmptyState
            icon={<Radio size={20} className={snapshot.paused ? '' : 'breathe'} />}
            title={t('live.waiting')}
            text={t('live.waitingText')}
          />
        )}
      </div>
    </div>
  );
}

function LiveMark({ status, paused }: { status: 'connecting' | 'open' | 'failed'; paused: boolean }) {
  const t = useTranslate();
  if (status === 'failed') return <Mark dot="bg-danger" text={t('live.lost')} />;
  if (paused) return <Mark dot="bg-warning" text={t('live.paused')} />;
  if (status === 'connecting') return <Mark dot="bg-line-strong breathe" text={t('live.connecting')} />;
  return <Mark dot="bg-success breathe" text={t('live.live')} />;
}

function Mark({ dot, text }: { dot: string; text: string }) {
  return (
    <span className="inline-flex items-center gap-2 font-medium">
      <span aria-hidden className={`size-2 rounded-full ${dot}`} />
      {text}
    </span>
  );
}
