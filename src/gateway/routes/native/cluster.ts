// GET /api/v1/cluster: which Kafka this is. It answers also when Kafka does not, and says why.

import * as z from 'zod/mini';
import type { ClusterInfo } from '../../../client/metadata.ts';
import type { App, GatewayContext } from '../../context.ts';
import { toHttpError } from '../../http-error.ts';

const Cluster = z.object({
  mode: z.enum(['embedded', 'external']),
  clusterId: z.nullable(z.string()),
  controllerId: z.nullable(z.number()),
  bootstrapServers: z.string(),
  brokers: z.array(
    z.object({ nodeId: z.number(), host: z.string(), port: z.number(), rack: z.nullable(z.string()) }),
  ),
  version: z.string(),
  dataDirectory: z.nullable(z.string()),
  durability: z.nullable(z.enum(['always', 'interval', 'os'])),
  reachable: z.boolean(),
  error: z.nullable(z.string()),
  startedAt: z.string(),
});

export function clusterRoutes(app: App, context: GatewayContext): void {
  const { options, startedAt } = context;
  const { publicAddress } = options;
  // Who comes in by a way of its own is told that way; people want the one for their clients.
  const shown = (brokers: ClusterInfo['brokers']) =>
    brokers.map(broker =>
      publicAddress === null ? broker : { ...broker, host: publicAddress.host, port: publicAddress.port },
    );
  const fixed = {
    mode: options.mode,
    bootstrapServers: options.publicAddress?.bootstrapServers ?? options.bootstrapServers,
    version: options.version,
    dataDirectory: options.dataDirectory,
    durability: options.durability,
    startedAt: startedAt.toISOString(),
  };
  app.get(
    '/api/v1/cluster',
    { schema: { tags: ['cluster'], summary: 'The cluster behind this server', response: { 200: Cluster } } },
    async () => {
      try {
        const { clusterId, controllerId, brokers } = await context.client.cluster();
        return { ...fixed, clusterId, controllerId, brokers: shown(brokers), reachable: true, error: null };
      } catch (error) {
        const reason = toHttpError(error).message;
        return {
          ...fixed,
          clusterId: null,
          controllerId: null,
          brokers: [],
          reachable: false,
          error: reason,
        };
      }
    },
  );
}
