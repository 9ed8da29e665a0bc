// Topics, their partitions and their configuration. Names come in one call; numbers are asked for visible rows only.

import { queryOptions } from '@tanstack/react-query';
import { createBatcher } from '../batcher.ts';
import { requestJson } from './request.ts';
import type { ConfigEntry, Topic, TopicName, TopicSummary } from './types.ts';

const LIST_POLL_MS = 10_000;
const SUMMARY_POLL_MS = 5_000;
const TOPIC_POLL_MS = 3_000;
/** The server's bound on one summaries call. */
const SUMMARIES_MAX = 200;

const topicPath = (name: string) => `/topics/${encodeURIComponent(name)}`;

export const topicsQuery = (options: { internal: boolean }) =>
  queryOptions({
    queryKey: ['topics', options],
    queryFn: async ({ signal }) => {
      const answer = await requestJson<{ topics: TopicName[] }>('GET', '/topics', {
        search: options,
        signal,
      });
      return answer.topics;
    },
    refetchInterval: LIST_POLL_MS,
  });

const loadSummary = createBatcher<TopicSummary>({
  sizeMax: SUMMARIES_MAX,
  load: async names => {
    const answer = await requestJson<{ summaries: TopicSummary[] }>('POST', '/topics/summaries', {
      body: { names },
    });
    return new Map(answer.summaries.map(summary => [summary.name, summary]));
  },
});

export const topicSummaryQuery = (name: string) =>
  queryOptions({
    queryKey: ['topic-summary', name],
    queryFn: () => loadSummary(name),
    staleTime: SUMMARY_POLL_MS,
    refetchInterval: SUMMARY_POLL_MS,
    retry: false,
  });

export const topicQuery = (name: string) =>
  queryOptions({
    queryKey: ['topic', name],
    queryFn: ({ signal }) => requestJson<Topic>('GET', topicPath(name), { signal }),
    refetchInterval: TOPIC_POLL_MS,
  });

export const topicConfigsQuery = (name: string) =>
  queryOptions({
    queryKey: ['topic-configs', name],
    queryFn: async ({ signal }) => {
      const answer = await requestJson<{ configs: ConfigEntry[] }>('GET', `${topicPath(name)}/configs`, {
        signal,
      });
      return answer.configs;
    },
  });

export interface TopicDraft {
  readonly name: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export const createTopic = (draft: TopicDraft) => requestJson<Topic>('POST', '/topics', { body: draft });

export const deleteTopic = (name: string) => requestJson<void>('DELETE', topicPath(name));

export const createPartitions = (name: string, total: number) =>
  requestJson<Topic>('POST', `${topicPath(name)}/partitions`, { body: { total } });

export async function changeTopicConfigs(
  name: string,
  change: { set?: Record<string, string>; remove?: readonly string[] },
): Promise<ConfigEntry[]> {
  const answer = await requestJson<{ configs: ConfigEntry[] }>('PATCH', `${topicPath(name)}/configs`, {
    body: change,
  });
  return answer.configs;
}
