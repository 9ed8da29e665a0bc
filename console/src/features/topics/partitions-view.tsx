// The partitions of a topic: who leads, who holds copies, which offsets there are.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { DataGrid, type GridColumn } from '../../components/ui/data-grid.tsx';
import { TextField } from '../../components/ui/field.tsx';
import { ListCard } from '../../components/ui/list-card.tsx';
import { Modal } from '../../components/ui/modal.tsx';
import { FormError } from '../../components/ui/states.tsx';
import { createPartitions } from '../../lib/api/topics.ts';
import type { Topic, TopicPartition } from '../../lib/api/types.ts';
import { type Translate, useTranslate } from '../../lib/i18n/index.ts';
import { type Formatters, useFormat } from '../../lib/use-format.ts';

const rowId = (row: TopicPartition) => String(row.partition);

function columnsOf(t: Translate, format: Formatters): GridColumn<TopicPartition>[] {
  const offset = (text: string) => format.count(text);
  return [
    {
      id: 'partition',
      header: t('partitions.partition'),
      width: '96px',
      align: 'right',
      cell: row => format.count(row.partition),
    },
    {
      id: 'records',
      header: t('partitions.records'),
      width: 'minmax(104px, 1fr)',
      align: 'right',
      cell: row => offset(String(BigInt(row.latest) - BigInt(row.earliest))),
    },
    {
      id: 'earliest',
      header: t('partitions.earliest'),
      width: 'minmax(104px, 1fr)',
      align: 'right',
      cell: row => offset(row.earliest),
    },
    {
      id: 'latest',
      header: t('partitions.latest'),
      width: 'minmax(104px, 1fr)',
      align: 'right',
      cell: row => offset(row.latest),
    },
    {
      id: 'leader',
      header: t('partitions.leader'),
      width: '100px',
      align: 'right',
      cell: row => (row.leader < 0 ? <Badge tone="danger">{t('partitions.noLeader')}</Badge> : row.leader),
    },
    {
      id: 'leaderEpoch',
      header: t('partitions.leaderEpoch'),
      width: '110px',
      align: 'right',
      cell: row => row.leaderEpoch,
    },
    {
      id: 'replicas',
      header: t('partitions.replicas'),
      width: 'minmax(100px, 1fr)',
      align: 'right',
      cell: row => row.replicas.join(', '),
    },
    {
      id: 'isr',
      header: t('partitions.inSync'),
      width: 'minmax(100px, 1fr)',
      align: 'right',
      cell: row => (
        <span className="inline-flex items-center gap-2">
          {row.isr.length < row.replicas.length && (
            <Badge tone="warning">{t('partitions.underReplicated')}</Badge>
          )}
          {row.isr.join(', ')}
        </span>
      ),
    },
  ];
}

export function PartitionsView({ topic }: { topic: Topic }) {
  const t = useTranslate();
  const format = useFormat();
  const [active, setActive] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const columns = useMemo(() => columnsOf(t, format), [t, format]);
  return (
    <>
      <div className="flex min-h-14 shrink-0 items-center gap-3 px-6 py-3">
        <p className="text-sm text-muted">{t('partitions.note')}</p>
        {!topic.internal && (
          <Button className="ml-auto" icon={<Plus size={15} />} onClick={() => setAdding(true)}>
            {t('partitions.add')}
          </Button>
        )}
      </div>
      <ListCard>
        <DataGrid
          label={t('partitions.title')}
          rows={topic.partitions}
          columns={columns}
          rowHeight={36}
          minWidth={860}
          rowId={rowId}
          activeId={active}
          onActiveChange={row => setActive(rowId(row))}
        />
      </ListCard>
      <AddPartitionsDialog topic={topic} open={adding} onOpenChange={setAdding} />
    </>
  );
}

function AddPartitionsDialog({
  topic,
  open,
  onOpenChange,
}: {
  topic: Topic;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslate();
  const client = useQueryClient();
  const current = topic.partitions.length;
  const [total, setTotal] = useState('');
  const change = useMutation({
    mutationFn: () => createPartitions(topic.name, Number(total)),
    onSuccess: changed => {
      client.setQueryData(['topic', topic.name], changed);
      void client.invalidateQueries({ queryKey: ['topics'] });
      close(false);
    },
  });
  const close = (next: boolean) => {
    onOpenChange(next);
    setTotal('');
    change.reset();
  };
  const valid = /^\d{1,6}$/.test(total) && Number(total) > current;
  return (
    <Modal
      open={open}
      onOpenChange={close}
      title={t('addPartitions.title')}
      description={t('addPartitions.text')}
      onSubmit={() => valid && change.mutate()}
      actions={
        <>
          <Button onClick={() => close(false)}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!valid} busy={change.isPending}>
            {t('addPartitions.submit')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('addPartitions.total')}
        hint={t('addPartitions.hint', { current })}
        inputMode="numeric"
        value={total}
        placeholder={String(current + 1)}
        onChange={event => setTotal(event.target.value.trim())}
      />
      <FormError error={change.error} />
    </Modal>
  );
}
