// One configuration key: what it means, where its value comes from, change it or go back to the default.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { TextField } from '../../components/ui/field.tsx';
import { Modal } from '../../components/ui/modal.tsx';
import { FormError } from '../../components/ui/states.tsx';
import { toasts } from '../../components/ui/toaster.tsx';
import { changeTopicConfigs } from '../../lib/api/topics.ts';
import type { ConfigEntry } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { isSetOnTopic, plainText } from './config-values.ts';

export interface ConfigDialogProps {
  readonly topic: string;
  readonly entry: ConfigEntry | null;
  readonly onClose: () => void;
}

export function ConfigDialog({ topic, entry, onClose }: ConfigDialogProps) {
  // The last entry stays while the dialog fades out.
  const [shown, setShown] = useState<ConfigEntry | null>(entry);
  useEffect(() => {
    if (entry !== null) setShown(entry);
  }, [entry]);
  if (shown === null) return null;
  return <ConfigForm key={shown.name} topic={topic} entry={shown} open={entry !== null} onClose={onClose} />;
}

interface ConfigFormProps {
  readonly topic: string;
  readonly entry: ConfigEntry;
  readonly open: boolean;
  readonly onClose: () => void;
}

function ConfigForm({ topic, entry, open, onClose }: ConfigFormProps) {
  const t = useTranslate();
  const client = useQueryClient();
  const [value, setValue] = useState(entry.value ?? '');
  useEffect(() => {
    if (open) setValue(entry.value ?? '');
  }, [open, entry]);
  const change = useMutation({
    mutationFn: (action: 'set' | 'remove') =>
      changeTopicConfigs(
        topic,
        action === 'set' ? { set: { [entry.name]: value } } : { remove: [entry.name] },
      ),
    onSuccess: configs => {
      client.setQueryData(['topic-configs', topic], configs);
      void client.invalidateQueries({ queryKey: ['topic-summary', topic] });
      toasts.add({ title: t('configs.saved', { name: entry.name }) });
      close();
    },
  });
  const close = () => {
    change.reset();
    onClose();
  };
  const inherited = entry.synonyms.find(synonym => !/TOPIC/.test(synonym.source));
  const unchanged = value === (entry.value ?? '');
  return (
    <Modal
      open={open}
      onOpenChange={next => !next && close()}
      title={entry.name}
      description={entry.documentation === null ? undefined : plainText(entry.documentation)}
      onSubmit={() => !unchanged && !entry.readOnly && change.mutate('set')}
      actions={
        <>
          {isSetOnTopic(entry) && (
            <Button
              className="mr-auto"
              variant="ghost"
              onClick={() => change.mutate('remove')}
              disabled={change.isPending}
            >
              {t('configs.reset')}
            </Button>
          )}
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={unchanged || entry.readOnly}
            busy={change.isPending}
          >
            {t('common.save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('configs.value')}
        hint={
          entry.readOnly
            ? t('configs.readOnly')
            : inherited?.value != null
              ? t('configs.inherited', { value: inherited.value })
              : undefined
        }
        value={value}
        disabled={entry.readOnly}
        onChange={event => setValue(event.target.value)}
        className="mono"
      />
      <FormError error={change.error} />
    </Modal>
  );
}
