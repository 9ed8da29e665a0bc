import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type TopicForm, topicDraftOf, topicFormProblems } from './topic-form.ts';

const form = (part: Partial<TopicForm>): TopicForm => ({
  name: 'orders',
  partitions: '',
  replicationFactor: '',
  configs: [],
  ...part,
});

describe('topic form', () => {
  it('knows Kafka’s rules for names', () => {
    const problems = ['orders', 'a.b_c-9', '', '..', 'x y', 'é', 'x'.repeat(250)].map(
      name => topicFormProblems(form({ name })).name,
    );
    assert.deepEqual(problems, [
      undefined,
      undefined,
      'createTopic.nameMissing',
      'createTopic.nameDots',
      'createTopic.nameIllegal',
      'createTopic.nameIllegal',
      'createTopic.nameTooLong',
    ]);
  });

  it('wants whole numbers, or nothing', () => {
    const problems = ['', ' 3 ', '0', '-1', '1.5', 'x'].map(
      partitions => topicFormProblems(form({ partitions })).partitions !== undefined,
    );
    assert.deepEqual(problems, [false, false, true, true, true, true]);
  });

  it('sends only what was filled in', () => {
    assert.deepEqual(topicDraftOf(form({})), { name: 'orders' });
    const configs = [
      { id: 1, name: ' retention.ms ', value: ' 1000 ' },
      { id: 2, name: '', value: 'x' },
    ];
    assert.deepEqual(
      topicDraftOf(form({ name: ' orders ', partitions: '3', replicationFactor: '2', configs })),
      {
        name: 'orders',
        partitions: 3,
        replicationFactor: 2,
        configs: { 'retention.ms': '1000' },
      },
    );
  });
});
