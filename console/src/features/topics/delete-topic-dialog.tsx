// Deletes a topic, after its name was typed and what will be lost was said.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { TextField } from '../../components/ui/field.tsx';
import { Modal } from '../../components/ui/modal.tsx';
import { FormError } from '../../components/ui/states.tsx';
import { toasts } from '../../components/ui/toaster.tsx';
import { deleteTopic } from '../../lib/api/topics.ts';
import type { Topic } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { forgetTopic } from '../../lib/preferences.ts';
import { useFormat } from '../../lib/use-format.ts';

export interface DeleteTopicDialogProps {
  readonly topic: Topic;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onDeleted: () => void;
}

export function DeleteTopicDialog({ topic, open, onOpenChange, onDeleted }: DeleteTopicDialogProps) {
  const t = useTranslate();
  const format = useFormat();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const deletion = useMutation({
    mutationFn: () => deleteTopic(topic.name),
    onSuccess: async () => {
      forgetTopic(topic.name);
      toasts.add({ title: t('deleteTopic.done'), description: topic.name });
      onDeleted();
      await client.invalidateQueries({ queryKey: ['topics'] });
      client.removeQueries({ queryKey: ['topic', topic.name] });
      client.removeQueries({ queryKey: ['topic-summary', topic.name] });
      client.removeQueries({ queryKey: ['records', topic.name] });
    },
  });
  const confirmed = typed === topic.name;
  const close = (next: boolean) => {
    onOpenChange(next);
    setTyped('');
    deletion.reset();
  };
  return (
    <Modal
      open={open}
      onOpenChange={close}
      title={t('deleteTopic.title')}
      description={<code className="font-medium break-all text-ink">{topic.name}</code>}
      onSubmit={() => confirmed && deletion.mutate()}
      actions={
        <>
          <Button onClick={() => close(false)}>{t('common.cancel')}</Button>
          <Button type="submit" variant="danger" disabled={!confirmed} busy={deletion.isPending}>
            {t('deleteTopic.submit')}
          </Button>
        </>
      }
    >
      <p className="text-sm">
        {t('deleteTopic.consequence', {
          count: Number(topic.records),
          records: format.count(topic.records),
          partitions: topic.partitions.length,
        })}
      </p>
      <TextField
        label={t('deleteTopic.typeName', { name: topic.name })}
        value={typed}
        onChange={event => setTyped(event.target.value)}
        className="mono"
      />
      <FormError error={deletion.error} />
    </Modal>
  );
}
