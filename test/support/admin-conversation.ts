// A conversation of administrative requests, held with Apache Kafka once (its answers are test/golden/admin) and with
// Millrace in every test run. Ids, ports and the order of lists that Kafka does not order are made comparable here.

import { NO_ID, type Step } from './admin-requests.ts';
import { configSteps } from './admin-steps-configs.ts';
import { readingSteps } from './admin-steps-reading.ts';
import { topicSteps } from './admin-steps-topics.ts';
import type { RawConnection } from './raw-connection.ts';

export const steps: readonly Step[] = [...topicSteps, ...configSteps, ...readingSteps];

/** Holds the conversation and returns one comparable answer per step. */
export async function converse(
  connection: RawConnection,
  port: number,
  betweenSteps: () => Promise<void> = async () => {},
): Promise<unknown[]> {
  const ids = new Map<string, string>();
  const answers: unknown[] = [];
  for (const { api, version, body } of steps) {
    const named = replaceIds(body, text =>
      text.startsWith('id of ') ? (ids.get(text.slice(6)) ?? NO_ID) : text,
    );
    const answer = await connection.request(api, version, named as never);
    learnIds(answer, ids);
    answers.push(comparable(answer, { ids, port }));
    await betweenSteps();
  }
  return answers;
}

function replaceIds(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map(each => replaceIds(each, replace));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaceIds(each, replace)]));
}

function learnIds(answer: unknown, ids: Map<string, string>): void {
  const { topics } = answer as { topics?: { name: string | null; topicId?: string; errorCode: number }[] };
  for (const { name, topicId, errorCode } of topics ?? []) {
    if (name !== null && topicId !== undefined && topicId !== NO_ID && errorCode === 0)
      ids.set(name, topicId);
  }
}

/** Keys whose values differ from node to node, and the documentation, which is ours. */
const NODE_KEYS: ReadonlySet<string> = new Set(['clusterId', 'host', 'throttleTimeMs', 'documentation']);

function comparable(value: unknown, facts: { ids: ReadonlyMap<string, string>; port: number }): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') {
    for (const [name, id] of facts.ids) if (value === id) return `id of ${name}`;
    return value;
  }
  if (value === facts.port) return 'port';
  if (Array.isArray(value)) {
    const entries = value.map(each => comparable(each, facts));
    return entries.every(each => typeof each === 'object' && each !== null && sortKey(each) !== null)
      ? entries.sort((a, b) => (sortKey(a)! < sortKey(b)! ? -1 : 1))
      : entries;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NODE_KEYS.has(key))
      .map(([key, each]) => [key, comparable(each, facts)]),
  );
}

/** Topics, results and keys come in no order; synonyms, partitions and replicas in theirs. */
function sortKey(entry: unknown): string | null {
  const { name, resourceName, resourceType, source, partitionIndex, topicId } = entry as Record<
    string,
    unknown
  >;
  if (source !== undefined || partitionIndex !== undefined) return null;
  if (resourceName !== undefined) return null;
  if (name === undefined) return null;
  return `${resourceType ?? ''}:${name ?? ''}:${topicId ?? ''}:${JSON.stringify(entry)}`;
}
