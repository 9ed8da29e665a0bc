// How voters are named in answers about the quorum, and what is refused whoever asks to change it: another cluster's id.
// Texts: ReplicaKey, Endpoints, ListenerName.

import { ErrorCode } from '../../protocol/errors.ts';
import { type ApiError, apiError } from '../metadata/api-error.ts';
import type { Voter } from '../metadata/metadata-state.ts';
import type { BrokerNode } from '../node.ts';

export interface VoterKey {
  readonly voterId: number;
  readonly voterDirectoryId: string;
}

export function textOfVoter({ voterId, voterDirectoryId }: VoterKey): string {
  return `ReplicaKey(id=${voterId}, directoryId=${voterDirectoryId})`;
}

export function textOfVoters(voters: readonly Voter[]): string {
  return `[${voters.map(textOfVoter).join(', ')}]`;
}

export function refusedCluster({ identity }: BrokerNode, clusterId: string | null): ApiError | null {
  if (clusterId === null || clusterId === identity.clusterId) return null;
  const message = `The given id "${clusterId}" doesn't match the cluster id "${identity.clusterId}"`;
  return { code: ErrorCode.INCONSISTENT_CLUSTER_ID, message };
}

/** A static quorum (kraft.version 0) cannot be changed. */
export function refusedStaticQuorum(
  voters: readonly Voter[],
  change: 'adding' | 'removing',
): ApiError | null {
  if (voters.length > 0) return null;
  return apiError(
    'UNSUPPORTED_VERSION',
    `Cluster doesn't support ${change} voter because the kraft.version feature is 0`,
  );
}
