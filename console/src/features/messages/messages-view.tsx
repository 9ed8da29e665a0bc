// The messages of a topic: controls, rows (pages or live), and the open record at the right. All of its state that
// matters is in the address.

import { type KeyboardEvent, type ReactNode, useCallback, useRef, useState } from 'react';
import type { KafkaRecord, Topic } from '../../lib/api/types.ts';
import { DetailPanel } from './detail-panel.tsx';
import { LiveView } from './live-view.tsx';
import {
  addressOf,
  formatPartitions,
  formatStart,
  type MessagesSearch,
  parsePartitions,
  parseStart,
  recordId,
} from './messages-search.ts';
import { PageView, useRefreshRecords } from './page-view.tsx';
import { Toolbar } from './toolbar.tsx';

export interface MessagesViewProps {
  readonly topic: Topic;
  readonly search: MessagesSearch;
  readonly onSearchChange: (search: MessagesSearch, options?: { replace: boolean }) => void;
  readonly onProduceAgain: (record: KafkaRecord) => void;
  readonly emptyHelp: ReactNode;
}

function withoutRecord({ partition: _, offset: __, ...rest }: MessagesSearch): MessagesSearch {
  return rest;
}

export function MessagesView({
  topic,
  search,
  onSearchChange,
  onProduceAgain,
  emptyHelp,
}: MessagesViewProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [row, setRow] = useState<KafkaRecord | null>(null);
  const refresh = useRefreshRecords(topic.name);
  const partitions = parsePartitions(search.partitions).filter(
    partition => partition < topic.partitions.length,
  );
  const start = parseStart(search.from);
  // Reading from an offset means one partition; a topic with one partition needs no choice of it.
  const readPartitions = start.kind === 'offset' && partitions.length === 0 ? [0] : partitions;
  const address = addressOf(search);
  const live = search.live === 'true';

  const change = (part: { [Name in keyof MessagesSearch]?: MessagesSearch[Name] | undefined }) => {
    const next = { ...withoutRecord(search), ...part };
    onSearchChange(
      Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as MessagesSearch,
    );
  };
  const open = (record: KafkaRecord) => {
    setRow(record);
    onSearchChange(
      { ...search, partition: String(record.partition), offset: record.offset },
      { replace: address !== null },
    );
  };
  const close = useCallback(() => {
    onSearchChange(withoutRecord(search));
    grid.current?.focus();
  }, [onSearchChange, search]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || address === null) return;
    event.preventDefault();
    close();
  };

  const list = {
    activeId: address === null ? null : recordId(address),
    onActiveChange: open,
    onKeyDown,
    narrow: address !== null,
    gridRef: grid,
  };
  return (
    <div className="flex min-h-0 grow flex-col">
      <Toolbar
        partitionCount={topic.partitions.length}
        partitions={partitions}
        onPartitionsChange={next =>
          change({
            partitions: formatPartitions(next),
            ...(start.kind === 'offset' && next.length !== 1 ? { from: undefined } : {}),
          })
        }
        start={start}
        onStartChange={next => change({ from: formatStart(next) })}
        live={live}
        onLiveChange={next => change({ live: next ? 'true' : undefined })}
        onRefresh={() => {
          refresh();
          grid.current?.scrollTo({ top: 0 });
        }}
      />
      <div className="mx-6 mb-6 flex min-h-0 grow overflow-hidden rounded-card border border-line bg-surface">
        <div className="min-w-0 grow">
          {live ? (
            <LiveView topic={topic.name} partitions={partitions} {...list} />
          ) : (
            <PageView
              topic={topic}
              request={{ topic: topic.name, partitions: readPartitions, start }}
              onReset={() => onSearchChange({})}
              emptyHelp={emptyHelp}
              {...list}
            />
          )}
        </div>
        {address !== null && (
          <DetailPanel
            topic={topic.name}
            address={address}
            row={row !== null && recordId(row) === recordId(address) ? row : null}
            onClose={close}
            onProduceAgain={onProduceAgain}
          />
        )}
      </div>
    </div>
  );
}
