// GET /cluster. Answers 200 also when Kafka cannot be reached; `reachable` and `error` then say why.

import { queryOptions } from '@tanstack/react-query';
import { requestJson } from './request.ts';
import type { Cluster } from './types.ts';

const POLL_MS = 5_000;
/** While something is wrong, look more often: people are waiting for it to come back. */
const POLL_WHEN_DOWN_MS = 2_000;

export const clusterQuery = queryOptions({
  queryKey: ['cluster'],
  queryFn: ({ signal }) => requestJson<Cluster>('GET', '/cluster', { signal }),
  refetchInterval: query => (query.state.data?.reachable && !query.state.error ? POLL_MS : POLL_WHEN_DOWN_MS),
  retry: false,
});

/** The list of addresses a client connects to, however the server spelled it. */
export function bootstrapServersOf(cluster: Cluster): readonly string[] {
  const { bootstrapServers } = cluster;
  return typeof bootstrapServers === 'string'
    ? bootstrapServers
        .split(',')
        .map(server => server.trim())
        .filter(server => server !== '')
    : bootstrapServers;
}
