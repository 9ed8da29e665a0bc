// The produce form and the record it describes. A null key or value is a choice of its own: an empty box is empty text.

import type { Body, Data, KafkaRecord, RecordDraft } from '../../lib/api/types.ts';

export interface BodyForm {
  readonly text: string;
  readonly isNull: boolean;
  /** Bytes that are no text are sent as they came and cannot be edited here. */
  readonly base64: string | null;
}

export interface HeaderForm {
  readonly id: number;
  readonly key: string;
  readonly value: BodyForm;
}

export const EMPTY_BODY: BodyForm = { text: '', isNull: false, base64: null };

export interface ProduceForm {
  readonly key: BodyForm;
  readonly value: BodyForm;
  readonly headers: readonly HeaderForm[];
  /** Empty: the producer chooses by the key. */
  readonly partition: string;
}

export const EMPTY_PRODUCE_FORM: ProduceForm = {
  key: { ...EMPTY_BODY, isNull: true },
  value: EMPTY_BODY,
  headers: [],
  partition: '',
};

function dataOf(body: BodyForm): Data | null {
  if (body.isNull) return null;
  return body.base64 === null ? { text: body.text } : { base64: body.base64 };
}

/** A row nobody filled in is no header; Kafka itself allows an empty name. */
function isFilled({ key, value }: HeaderForm): boolean {
  return key !== '' || value.isNull || value.base64 !== null || value.text !== '';
}

export function recordDraftOf(form: ProduceForm): RecordDraft {
  return {
    ...(form.partition === '' ? {} : { partition: Number(form.partition) }),
    key: dataOf(form.key),
    value: dataOf(form.value),
    headers: form.headers.filter(isFilled).map(({ key, value }) => ({ key, value: dataOf(value) })),
  };
}

function bodyFormOf(body: Body | null): BodyForm {
  if (body === null) return { ...EMPTY_BODY, isNull: true };
  return body.encoding === 'base64'
    ? { ...EMPTY_BODY, base64: body.text }
    : { ...EMPTY_BODY, text: body.text };
}

/** Everything of the record is here, not only its beginning. */
export function isWhole(record: KafkaRecord): boolean {
  const bodies = [record.key, record.value, ...record.headers.map(header => header.value)];
  return bodies.every(body => body === null || !body.truncated);
}

/** The form that would write this record again. Its partition is left to the key, as the first time. */
export function produceFormOf(record: KafkaRecord): ProduceForm {
  return {
    key: bodyFormOf(record.key),
    value: bodyFormOf(record.value),
    headers: record.headers.map(({ key, value }, id) => ({ id, key, value: bodyFormOf(value) })),
    partition: '',
  };
}

export type JsonHint = 'valid' | 'invalid' | null;

/** Only what looks like an object or array is judged: plain text is a fine value. */
export function jsonHintOf(text: string): JsonHint {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    JSON.parse(text);
    return 'valid';
  } catch {
    return 'invalid';
  }
}
