// The rules of the "create topic" form that can be told without asking the server. Source: Kafka's Topic.validate.

import type { TopicDraft } from '../../lib/api/topics.ts';
import type { MessageId } from '../../lib/i18n/index.ts';

export interface TopicForm {
  readonly name: string;
  readonly partitions: string;
  readonly replicationFactor: string;
  readonly configs: readonly { readonly id: number; readonly name: string; readonly value: string }[];
}

/** Kafka's limit: names become directory names with the partition added. */
const NAME_LENGTH_MAX = 249;
const LEGAL_NAME = /^[a-zA-Z0-9._-]+$/;

export type TopicFormProblems = Partial<Record<'name' | 'partitions' | 'replicationFactor', MessageId>>;

export function topicFormProblems(form: TopicForm): TopicFormProblems {
  const problems: TopicFormProblems = {};
  const name = nameProblem(form.name.trim());
  if (name !== null) problems.name = name;
  if (!isCount(form.partitions)) problems.partitions = 'createTopic.notACount';
  if (!isCount(form.replicationFactor)) problems.replicationFactor = 'createTopic.notACount';
  return problems;
}

function nameProblem(name: string): MessageId | null {
  if (name === '') return 'createTopic.nameMissing';
  if (name === '.' || name === '..') return 'createTopic.nameDots';
  if (name.length > NAME_LENGTH_MAX) return 'createTopic.nameTooLong';
  return LEGAL_NAME.test(name) ? null : 'createTopic.nameIllegal';
}

/** Empty means: the broker's default. */
function isCount(text: string): boolean {
  return text.trim() === '' || /^[1-9]\d{0,8}$/.test(text.trim());
}

export function topicDraftOf(form: TopicForm): TopicDraft {
  const configs = form.configs.filter(config => config.name.trim() !== '');
  return {
    name: form.name.trim(),
    ...(form.partitions.trim() === '' ? {} : { partitions: Number(form.partitions) }),
    ...(form.replicationFactor.trim() === '' ? {} : { replicationFactor: Number(form.replicationFactor) }),
    ...(configs.length === 0
      ? {}
      : { configs: Object.fromEntries(configs.map(config => [config.name.trim(), config.value.trim()])) }),
  };
}
