// Writes one record. With "keep open" the form stays for the next one.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../components/ui/button.tsx';
import { Checkbox, controlClass, SelectField, TextAreaField } from '../../components/ui/field.tsx';
import { Modal } from '../../components/ui/modal.tsx';
import { FormError } from '../../components/ui/states.tsx';
import { toasts } from '../../components/ui/toaster.tsx';
import { produce } from '../../lib/api/records.ts';
import type { Topic } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useRefreshRecords } from './page-view.tsx';
import {
  type BodyForm,
  EMPTY_BODY,
  EMPTY_PRODUCE_FORM,
  type HeaderForm,
  jsonHintOf,
  type ProduceForm,
  recordDraftOf,
} from './record-draft.ts';

export interface ProduceDialogProps {
  readonly topic: Topic;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** What the form starts with. */
  readonly initial: ProduceForm;
}

export function ProduceDialog({ topic, open, onOpenChange, initial }: ProduceDialogProps) {
  const t = useTranslate();
  const format = useFormat();
  const client = useQueryClient();
  const refresh = useRefreshRecords(topic.name);
  const valueInput = useRef<HTMLTextAreaElement>(null);
  const [form, setForm] = useState(initial);
  const [keepOpen, setKeepOpen] = useState(false);
  useEffect(() => {
    if (open) setForm(initial);
  }, [open, initial]);
  const production = useMutation({
    mutationFn: (filled: ProduceForm) => produce(topic.name, [recordDraftOf(filled)]),
    onSuccess: ([stored]) => {
      void client.invalidateQueries({ queryKey: ['topic', topic.name] });
      refresh();
      if (stored !== undefined) {
        toasts.add({
          title: t('produce.stored'),
          description: t('produce.storedAt', {
            partition: stored.partition,
            offset: format.count(stored.offset),
          }),
        });
      }
      if (keepOpen) valueInput.current?.select();
      else close();
    },
  });
  const change = (part: Partial<ProduceForm>) => setForm({ ...form, ...part });
  const close = () => {
    onOpenChange(false);
    setForm(EMPTY_PRODUCE_FORM);
    production.reset();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!production.isPending) production.mutate(form);
  };
  const jsonHint = form.value.isNull ? null : jsonHintOf(form.value.text);
  return (
    <Modal
      open={open}
      onOpenChange={next => (next ? onOpenChange(true) : close())}
      title={t('produce.title')}
      description={<code className="break-all">{topic.name}</code>}
      wide
      initialFocus={valueInput}
      onSubmit={() => production.mutate(form)}
      actions={
        <>
          <Checkbox
            className="mr-auto"
            label={t('produce.keepOpen')}
            checked={keepOpen}
            onChange={event => setKeepOpen(event.target.checked)}
          />
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={production.isPending} title="Ctrl+Enter">
            {t('produce.submit')}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: catches Ctrl+Enter of the fields inside */}
      <div className="space-y-4" onKeyDown={onKeyDown}>
        <BodyField
          label={t('produce.key')}
          nullLabel={t('produce.nullKey')}
          body={form.key}
          onChange={key => change({ key })}
          rows={1}
        />
        <BodyField
          label={t('produce.value')}
          nullLabel={t('produce.nullValue')}
          body={form.value}
          onChange={value => change({ value })}
          rows={8}
          inputRef={valueInput}
          hint={
            jsonHint === null
              ? undefined
              : t(jsonHint === 'valid' ? 'produce.validJson' : 'produce.invalidJson')
          }
        />
        <HeaderFields headers={form.headers} onChange={headers => change({ headers })} />
        <SelectField
          label={t('produce.partition')}
          hint={t('produce.partitionHint')}
          value={form.partition}
          onChange={event => change({ partition: event.target.value })}
          className="max-w-60"
        >
          <option value="">{t('produce.partitionByKey')}</option>
          {topic.partitions.map(({ partition }) => (
            <option key={partition} value={String(partition)}>
              {t('messages.onePartition', { partition })}
            </option>
          ))}
        </SelectField>
        <FormError error={production.error} />
      </div>
    </Modal>
  );
}

interface BodyFieldProps {
  readonly label: string;
  readonly nullLabel: string;
  readonly body: BodyForm;
  readonly onChange: (body: BodyForm) => void;
  readonly rows: number;
  readonly hint?: string | undefined;
  readonly inputRef?: React.RefObject<HTMLTextAreaElement | null>;
}

function BodyField({ label, nullLabel, body, onChange, rows, hint, inputRef }: BodyFieldProps) {
  const t = useTranslate();
  const isBytes = body.base64 !== null;
  return (
    <TextAreaField
      {...(inputRef === undefined ? {} : { ref: inputRef })}
      label={label}
      hint={isBytes ? t('produce.bytes') : hint}
      aside={
        <Checkbox
          label={nullLabel}
          checked={body.isNull}
          onChange={event => onChange({ ...body, isNull: event.target.checked })}
        />
      }
      rows={rows}
      disabled={isBytes}
      placeholder={body.isNull ? 'null' : ''}
      value={body.isNull ? '' : (body.base64 ?? body.text)}
      // Typing is a choice against null.
      onChange={event => onChange({ ...body, isNull: false, text: event.target.value })}
    />
  );
}

function HeaderFields({
  headers,
  onChange,
}: {
  headers: readonly HeaderForm[];
  onChange: (headers: readonly HeaderForm[]) => void;
}) {
  const t = useTranslate();
  const replace = (id: number, part: Partial<HeaderForm>) =>
    onChange(headers.map(header => (header.id === id ? { ...header, ...part } : header)));
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t('record.headers')}</legend>
      <div className="space-y-2">
        {headers.map(header => (
          <div key={header.id} className="grid grid-cols-[1fr_1.6fr_auto_28px] items-center gap-2">
            <input
              aria-label={t('record.headerKey')}
              placeholder={t('record.headerKey')}
              spellCheck={false}
              autoComplete="off"
              value={header.key}
              onChange={event => replace(header.id, { key: event.target.value })}
              className={`${controlClass} mono h-8`}
            />
            <input
              aria-label={t('record.headerValue')}
              placeholder={header.value.isNull ? 'null' : t('record.headerValue')}
              spellCheck={false}
              autoComplete="off"
              disabled={header.value.base64 !== null}
              value={header.value.isNull ? '' : (header.value.base64 ?? header.value.text)}
              onChange={event =>
                replace(header.id, { value: { ...header.value, isNull: false, text: event.target.value } })
              }
              className={`${controlClass} mono h-8`}
            />
            <Checkbox
              label="null"
              checked={header.value.isNull}
              onChange={event =>
                replace(header.id, { value: { ...header.value, isNull: event.target.checked } })
              }
            />
            <IconButton
              label={t('produce.removeHeader')}
              icon={<Trash2 size={15} />}
              onClick={() => onChange(headers.filter(one => one.id !== header.id))}
            />
          </div>
        ))}
      </div>
      <Button
        variant="ghost"
        className="-ml-2 mt-1"
        icon={<Plus size={14} />}
        onClick={() =>
          onChange([...headers, { id: (headers.at(-1)?.id ?? 0) + 1, key: '', value: EMPTY_BODY }])
        }
      >
        {t('produce.addHeader')}
      </Button>
    </fieldset>
  );
}
