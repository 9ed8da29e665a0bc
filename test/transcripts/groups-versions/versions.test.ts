// Every version of every request about groups, answered as Apache Kafka 4.3.1 answered it (kafka-4.3.1.json, made by
// record.ts).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { openTestBroker } from '../../support/test-broker.ts';
import { converse, type Exchange } from './conversation.ts';

it('groups are served as by Apache Kafka, in every version', async context => {
  const path = join(import.meta.dirname, 'kafka-4.3.1.json');
  const expected = JSON.parse(readFileSync(path, 'utf8')) as Exchange[];
  const { port } = await openTestBroker(context);
  const actual = await converse(port);
  assert.equal(actual.length, expected.length);
  const differences = actual.flatMap((exchange, index) => {
    const theirs = expected[index]!;
    const [ours, reference] = [normal(exchange), normal(theirs)];
    return ours === reference ? [] : [`${exchange.asked}\n  Kafka    ${reference}\n  Millrace ${ours}`];
  });
  assert.deepEqual(differences, []);
});

/** Apache Kafka answers for several groups in the order of a hash table. */
function normal({ asked, answer }: Exchange): string {
  if (!/^(?:List|Describe|Delete)Groups/.test(asked)) return JSON.stringify(answer);
  const byGroup = (list: readonly { readonly groupId: string }[] | undefined) =>
    list === undefined ? undefined : [...list].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
  const { groups, results, ...rest } = answer as Record<
    'groups' | 'results',
    { groupId: string }[] | undefined
  >;
  return JSON.stringify({ ...rest, groups: byGroup(groups), results: byGroup(results) });
}
