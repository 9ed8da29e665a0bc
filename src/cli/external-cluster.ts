// What the gateway knows of the cluster elsewhere, asked once at the start: its id for the ready file, and, when it cannot
// be reached, a line for the terminal. Console and API are up either way.

import type { Workbench } from '../workbench.ts';

/** The gateway gives up connecting after three seconds. */
const PATIENCE_MS = 5_000;

interface ClusterAnswer {
  readonly clusterId: string | null;
  readonly reachable: boolean;
  readonly error: string | null;
}

/** The cluster's id, or null, with `say` told why it is not known. */
export async function clusterIdOfExternal(
  workbench: Workbench,
  say: (line: string) => void,
): Promise<string | null> {
  const { addresses, external } = workbench;
  const gateway = addresses.api ?? addresses.console;
  if (gateway === null || external === null) return null;
  const unreachable = (reason: string) =>
    say(
      `The cluster ${external.bootstrapServers} does not answer now (${reason}). Console and API are up and go on trying: ` +
        'check the address, or start the cluster.',
    );
  try {
    const response = await fetch(`${gateway}/api/v1/cluster`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const cluster = (await response.json()) as ClusterAnswer;
    if (!cluster.reachable) unreachable(cluster.error ?? 'no reason given');
    return cluster.clusterId;
  } catch (error) {
    unreachable((error as Error).message);
    return null;
  }
}
