// One record, whole: where it lies, then its key, value and headers. It shows text only and never interprets bytes.

import { Tabs } from '@base-ui/react/tabs';
import { useQuery } from '@tanstack/react-query';
import { Link2, SendHorizontal, X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Badge } from '../../components/ui/badge.tsx';
import { IconButton } from '../../components/ui/button.tsx';
import { CopyButton } from '../../components/ui/copy-button.tsx';
import { Skeleton } from '../../components/ui/skeleton.tsx';
import { ErrorState } from '../../components/ui/states.tsx';
import { recordQuery } from '../../lib/api/records.ts';
import type { Body, KafkaRecord } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { useFormat } from '../../lib/use-format.ts';
import { BodyView } from './body-view.tsx';
import { HeadersView } from './headers-view.tsx';
import { type RecordAddress, recordId } from './messages-search.ts';
import { isWhole } from './record-draft.ts';
import { ResizablePanel } from './resizable-panel.tsx';

export interface DetailPanelProps {
  readonly topic: string;
  readonly address: RecordAddress;
  /** The row of the list, if it is loaded: shown until the whole record is there. */
  readonly row: KafkaRecord | null;
  readonly onClose: () => void;
  readonly onProduceAgain: (record: KafkaRecord) => void;
}

export function DetailPanel({ topic, address, row, onClose, onProduceAgain }: DetailPanelProps) {
  const t = useTranslate();
  const format = useFormat();
  const query = useQuery({
    ...recordQuery({ topic, ...address }),
    ...(row !== null && isWhole(row) ? { placeholderData: row } : {}),
  });
  const record = query.data;
  // Stays while one moves from record to record.
  const [tab, setTab] = useState('value');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  return (
    <ResizablePanel label={t('record.title')} onKeyDown={onKeyDown}>
      <header className="flex h-10 shrink-0 items-center gap-1 border-b border-line pr-2 pl-4">
        <h2 className="min-w-0 grow truncate text-sm font-semibold tabular-nums">
          {t('record.address', { partition: address.partition, offset: format.count(address.offset) })}
        </h2>
        {record !== undefined && isWhole(record) && (
          <IconButton
            label={t('record.produceAgain')}
            icon={<SendHorizontal size={15} />}
            onClick={() => onProduceAgain(record)}
          />
        )}
        <CopyButton text={() => location.href} label={t('record.copyLink')} icon={<Link2 size={15} />} />
        <IconButton label={t('record.close')} icon={<X size={16} />} onClick={onClose} />
      </header>
      {query.isError ? (
        <ErrorState
          title={t('record.error')}
          error={query.error}
          onRetry={() => query.refetch()}
          busy={query.isFetching}
        />
      ) : record === undefined ? (
        <div role="status" aria-label={t('common.loading')} className="space-y-4 p-4">
          <Skeleton className="block! w-3/4" />
          <Skeleton className="block! w-1/2" />
          <Skeleton className="block! w-2/3" />
        </div>
      ) : (
        <RecordDetail record={record} tab={tab} onTabChange={setTab} />
      )}
    </ResizablePanel>
  );
}

interface RecordDetailProps {
  readonly record: KafkaRecord;
  readonly tab: string;
  readonly onTabChange: (tab: string) => void;
}

function RecordDetail({ record, tab, onTabChange }: RecordDetailProps) {
  const t = useTranslate();
  const format = useFormat();
  const id = recordId(record);
  const sizeText = (body: Body | null) => (body === null ? 'null' : format.size(body.size));
  return (
    <>
      <RecordFacts record={record} />
      <Tabs.Root value={tab} onValueChange={onTabChange} className="flex min-h-0 grow flex-col">
        <Tabs.List className="flex h-9 shrink-0 gap-4 border-b border-line px-4" activateOnFocus>
          <DetailTab value="key" label={t('record.key')} note={sizeText(record.key)} />
          <DetailTab value="value" label={t('record.value')} note={sizeText(record.value)} />
          <DetailTab value="headers" label={t('record.headers')} note={format.count(record.headers.length)} />
        </Tabs.List>
        <Tabs.Panel value="key" className="flex min-h-0 grow flex-col">
          <BodyView key={id} body={record.key} kind="key" />
        </Tabs.Panel>
        <Tabs.Panel value="value" className="flex min-h-0 grow flex-col">
          <BodyView key={id} body={record.value} kind="value" />
        </Tabs.Panel>
        <Tabs.Panel value="headers" className="flex min-h-0 grow flex-col">
          <HeadersView headers={record.headers} />
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}

function DetailTab({ value, label, note }: { value: string; label: string; note: string }) {
  return (
    <Tabs.Tab
      value={value}
      className="ring-inside -mb-px inline-flex items-center gap-1.5 border-b-2 border-transparent text-sm text-muted hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
    >
      {label} <span className="text-xs font-normal text-faint tabular-nums">{note}</span>
    </Tabs.Tab>
  );
}

function RecordFacts({ record }: { record: KafkaRecord }) {
  const t = useTranslate();
  const format = useFormat();
  const relative = format.relative(record.timestamp);
  return (
    <dl className="grid shrink-0 grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-b border-line px-4 py-3 text-xs">
      <Fact name={t('record.timestamp')}>
        <span className="mono">{format.timestamp(record.timestamp)}</span>
        {relative !== null && <span className="ml-2 text-faint">{relative}</span>}
      </Fact>
      <Fact name={t('record.timestampType')}>
        {t(record.timestampType === 'CreateTime' ? 'record.createTime' : 'record.logAppendTime')}
      </Fact>
      <Fact name={t('record.size')}>
        <span className="tabular-nums">{format.size(record.sizeInBytes)}</span>
        {record.compression !== 'none' && <Badge className="ml-2">{record.compression}</Badge>}
        {record.transactional && <Badge className="ml-2">{t('record.transactional')}</Badge>}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 truncate">{children}</dd>
    </>
  );
}
