// Creates a topic. What the server refuses is said above the buttons, and what was typed stays.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, IconButton } from '../../components/ui/button.tsx';
import { controlClass, TextField } from '../../components/ui/field.tsx';
import { Modal } from '../../components/ui/modal.tsx';
import { FormError } from '../../components/ui/states.tsx';
import { createTopic } from '../../lib/api/topics.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { type TopicForm, topicDraftOf, topicFormProblems } from './topic-form.ts';

export interface CreateTopicDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: (topic: string) => void;
  /** A single broker cannot keep a second copy, so there is nothing to choose. */
  readonly canReplicate: boolean;
}

const EMPTY_FORM: TopicForm = { name: '', partitions: '', replicationFactor: '', configs: [] };
const COMMON_CONFIGS = [
  'cleanup.policy',
  'compression.type',
  'max.message.bytes',
  'message.timestamp.type',
  'min.compaction.lag.ms',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.ms',
];

export function CreateTopicDialog(props: CreateTopicDialogProps) {
  const t = useTranslate();
  const client = useQueryClient();
  const nameInput = useRef<HTMLInputElement>(null);
  const [form, setForm] = useState(EMPTY_FORM);
  const [submitted, setSubmitted] = useState(false);
  const creation = useMutation({
    mutationFn: createTopic,
    onSuccess: (_, draft) => {
      void client.invalidateQueries({ queryKey: ['topics'] });
      close();
      props.onCreated(draft.name);
    },
  });
  const problems = topicFormProblems(form);
  const change = (part: Partial<TopicForm>) => setForm({ ...form, ...part });

  const close = () => {
    props.onOpenChange(false);
    setForm(EMPTY_FORM);
    setSubmitted(false);
    creation.reset();
  };
  const submit = () => {
    setSubmitted(true);
    if (Object.keys(problems).length === 0) creation.mutate(topicDraftOf(form));
    else if (problems.name !== undefined) nameInput.current?.focus();
  };

  return (
    <Modal
      open={props.open}
      onOpenChange={open => (open ? props.onOpenChange(true) : close())}
      title={t('createTopic.title')}
      initialFocus={nameInput}
      onSubmit={submit}
      actions={
        <>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={creation.isPending}>
            {t('createTopic.submit')}
          </Button>
        </>
      }
    >
      <TextField
        ref={nameInput}
        label={t('createTopic.name')}
        hint={t('createTopic.nameHint')}
        error={
          problems.name !== undefined && (submitted || problems.name !== 'createTopic.nameMissing')
            ? t(problems.name)
            : null
        }
        value={form.name}
        onChange={event => change({ name: event.target.value })}
        className="mono"
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('createTopic.partitions')}
          hint={t('createTopic.partitionsHint')}
          error={problems.partitions === undefined ? null : t(problems.partitions)}
          inputMode="numeric"
          placeholder="1"
          value={form.partitions}
          onChange={event => change({ partitions: event.target.value })}
        />
        {props.canReplicate && (
          <TextField
            label={t('createTopic.replication')}
            hint={t('createTopic.replicationHint')}
            error={problems.replicationFactor === undefined ? null : t(problems.replicationFactor)}
            inputMode="numeric"
            value={form.replicationFactor}
            onChange={event => change({ replicationFactor: event.target.value })}
          />
        )}
      </div>
      <ConfigRows configs={form.configs} onChange={configs => change({ configs })} />
      <FormError error={creation.error} />
    </Modal>
  );
}

interface ConfigRowsProps {
  readonly configs: TopicForm['configs'];
  readonly onChange: (configs: TopicForm['configs']) => void;
}

function ConfigRows({ configs, onChange }: ConfigRowsProps) {
  const t = useTranslate();
  const replace = (index: number, part: Partial<TopicForm['configs'][number]>) =>
    onChange(configs.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t('createTopic.configs')}</legend>
      <datalist id="topic-config-names">
        {COMMON_CONFIGS.map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="space-y-2">
        {configs.map((config, index) => (
          <div key={config.id} className="grid grid-cols-[1fr_1fr_28px] items-center gap-2">
            <input
              aria-label={t('createTopic.configName')}
              placeholder="retention.ms"
              list="topic-config-names"
              autoComplete="off"
              spellCheck={false}
              value={config.name}
              onChange={event => replace(index, { name: event.target.value })}
              className={`${controlClass} mono h-8`}
            />
            <input
              aria-label={t('createTopic.configValue')}
              placeholder="86400000"
              autoComplete="off"
              spellCheck={false}
              value={config.value}
              onChange={event => replace(index, { value: event.target.value })}
              className={`${controlClass} mono h-8`}
            />
            <IconButton
              label={t('createTopic.removeConfig')}
              icon={<Trash2 size={15} />}
              onClick={() => onChange(configs.filter(one => one.id !== config.id))}
            />
          </div>
        ))}
      </div>
      <Button
        variant="ghost"
        className="-ml-2 mt-1"
        icon={<Plus size={14} />}
        onClick={() => onChange([...configs, { id: (configs.at(-1)?.id ?? 0) + 1, name: '', value: '' }])}
      >
        {t('createTopic.addConfig')}
      </Button>
    </fieldset>
  );
}
