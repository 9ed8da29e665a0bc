// The controls above the records: which partitions, from where, live or not.

import { ChevronDown, Radio, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../components/ui/button.tsx';
import { CheckChoice, MenuFrame, MenuSeparator, RadioChoices } from '../../components/ui/choice-menu.tsx';
import { controlClass } from '../../components/ui/field.tsx';
import type { StartPoint } from '../../lib/api/records.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { usePreferences } from '../../lib/preferences.ts';
import { parseTimeInput, timeInputOf } from './time-input.ts';

export interface ToolbarProps {
  readonly partitionCount: number;
  readonly partitions: readonly number[];
  readonly onPartitionsChange: (partitions: readonly number[]) => void;
  readonly start: StartPoint;
  readonly onStartChange: (start: StartPoint) => void;
  readonly live: boolean;
  readonly onLiveChange: (live: boolean) => void;
  readonly onRefresh: () => void;
}

export function Toolbar(props: ToolbarProps) {
  const t = useTranslate();
  return (
    <div
      role="toolbar"
      aria-label={t('messages.controls')}
      className="flex shrink-0 flex-wrap items-center gap-2 px-6 py-3"
    >
      {props.partitionCount > 1 && <PartitionsMenu {...props} />}
      {!props.live && <StartMenu {...props} />}
      {!props.live && props.start.kind === 'timestamp' && (
        <TimeInput start={props.start} onStartChange={props.onStartChange} />
      )}
      {!props.live && props.start.kind === 'offset' && <OffsetInput {...props} start={props.start} />}
      {!props.live && (
        <IconButton
          label={t('messages.refresh')}
          icon={<RotateCw size={15} />}
          onClick={props.onRefresh}
          className="size-8"
        />
      )}
      <Button
        className="ml-auto"
        aria-pressed={props.live}
        variant={props.live ? 'primary' : 'secondary'}
        icon={<Radio size={15} className={props.live ? 'breathe' : ''} />}
        onClick={() => props.onLiveChange(!props.live)}
      >
        {t('live.toggle')}
      </Button>
    </div>
  );
}

function PartitionsMenu({ partitionCount, partitions, onPartitionsChange }: ToolbarProps) {
  const t = useTranslate();
  const text =
    partitions.length === 0
      ? t('messages.allPartitions')
      : t('messages.somePartitions', { list: partitions.join(', ') });
  const toggle = (partition: number, checked: boolean) => {
    const next = checked ? [...partitions, partition] : partitions.filter(one => one !== partition);
    onPartitionsChange(next.length === partitionCount ? [] : next.sort((left, right) => left - right));
  };
  return (
    <MenuFrame
      trigger={
        <Button className="max-w-72">
          <span className="truncate">{text}</span>
          <ChevronDown size={14} aria-hidden className="text-faint" />
        </Button>
      }
    >
      <CheckChoice
        label={t('messages.allPartitions')}
        checked={partitions.length === 0}
        onChange={() => onPartitionsChange([])}
      />
      <MenuSeparator />
      {Array.from({ length: partitionCount }, (_, partition) => (
        <CheckChoice
          key={partition}
          label={t('messages.onePartition', { partition })}
          checked={partitions.includes(partition)}
          onChange={checked => toggle(partition, checked)}
        />
      ))}
    </MenuFrame>
  );
}

const START_LABELS = {
  newest: 'messages.fromNewest',
  oldest: 'messages.fromOldest',
  timestamp: 'messages.fromTime',
  offset: 'messages.fromOffset',
} as const;

function StartMenu({ start, onStartChange, partitions, partitionCount }: ToolbarProps) {
  const t = useTranslate();
  const onePartition = partitions.length === 1 || partitionCount === 1;
  const choose = (kind: StartPoint['kind']) => {
    if (kind === 'timestamp') onStartChange({ kind, timestampMs: String(Date.now() - 3_600_000) });
    else if (kind === 'offset') onStartChange({ kind, offset: '0' });
    else onStartChange({ kind });
  };
  const kinds: StartPoint['kind'][] = onePartition
    ? ['newest', 'oldest', 'timestamp', 'offset']
    : ['newest', 'oldest', 'timestamp'];
  return (
    <MenuFrame
      trigger={
        <Button>
          {t(START_LABELS[start.kind])}
          <ChevronDown size={14} aria-hidden className="text-faint" />
        </Button>
      }
    >
      <RadioChoices
        value={start.kind}
        onChange={choose}
        choices={kinds.map(kind => ({ value: kind, label: t(START_LABELS[kind]) }))}
      />
      {!onePartition && (
        <p className="max-w-56 px-2 py-1.5 text-xs text-faint">{t('messages.offsetNeedsPartition')}</p>
      )}
    </MenuFrame>
  );
}

interface TimeInputProps {
  readonly start: Extract<StartPoint, { kind: 'timestamp' }>;
  readonly onStartChange: (start: StartPoint) => void;
}

function TimeInput({ start, onStartChange }: TimeInputProps) {
  const t = useTranslate();
  const { timeZone } = usePreferences();
  return (
    <input
      type="datetime-local"
      step={1}
      aria-label={t(timeZone === 'utc' ? 'messages.timeUtc' : 'messages.timeLocal')}
      value={timeInputOf(start.timestampMs, timeZone)}
      onChange={event => {
        const timestampMs = parseTimeInput(event.target.value, timeZone);
        if (timestampMs !== null) onStartChange({ kind: 'timestamp', timestampMs });
      }}
      className={`${controlClass} h-8 w-auto!`}
    />
  );
}

interface OffsetInputProps {
  readonly start: Extract<StartPoint, { kind: 'offset' }>;
  readonly onStartChange: (start: StartPoint) => void;
}

function OffsetInput({ start, onStartChange }: OffsetInputProps) {
  const t = useTranslate();
  const [text, setText] = useState(start.offset);
  const valid = /^\d{1,19}$/.test(text);
  return (
    <input
      inputMode="numeric"
      aria-label={t('messages.offset')}
      aria-invalid={!valid}
      value={text}
      onChange={event => {
        const next = event.target.value.trim();
        setText(next);
        if (/^\d{1,19}$/.test(next)) onStartChange({ kind: 'offset', offset: next });
      }}
      className={`${controlClass} mono h-8 w-36!`}
    />
  );
}
