// `__cluster_metadata-0/quorum-state`: one line of JSON without a line end, KRaft's vote and epoch (QuorumStateData):
//   leaderId          who leads in the epoch, -1: nobody that is known of
//   leaderEpoch       the epoch; never below that of a batch in the log, and never falling
//   votedId           who was voted for in it, -1: nobody
//   votedDirectoryId  the directory of that one, a uuid; all zero: nobody. Not in data_version 0
//   data_version      1, which goes with kraft.version 1
// data_version 0 of kraft.version 0 adds clusterId (""), appliedOffset (0) and currentVoters ([{"voterId":1}]); it is read,
// and written back as it was found, because a log without a Voters record cannot start from version 1.

import type { FileSystem } from '../fs/file-system.ts';
import { readTextFile, replaceWholeFile } from '../fs/whole-file.ts';
import { DataDirectoryError } from './data-directory-error.ts';

export const QUORUM_STATE = 'quorum-state';

export interface QuorumState {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly votedId: number;
  /** Kafka's uuid text; all zero when nobody was voted for. */
  readonly votedDirectoryId: string;
  /** Only with kraft.version 0: the static voters. */
  readonly currentVoters?: readonly number[];
}

const NO_DIRECTORY_ID = 'AAAAAAAAAAAAAAAAAAAAAA';

export function readQuorumState(fileSystem: FileSystem, metadataDirectory: string): QuorumState | null {
  const path = `${metadataDirectory}/${QUORUM_STATE}`;
  const text = readTextFile(fileSystem, path);
  if (text === null) return null;
  const damaged = (why: string): DataDirectoryError =>
    new DataDirectoryError(
      'damaged',
      `${path} ${why}. The cluster's epoch is not known without it; your data is untouched. ` +
        'Restore the file from a backup, or remove it: the epoch is then taken from the metadata log.',
    );
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw damaged('is not JSON');
  }
  const { data_version: version, leaderId, leaderEpoch, votedId, votedDirectoryId, currentVoters } = json;
  if (version !== 0 && version !== 1)
    throw damaged(`has data_version ${String(version)}, this program knows 0 and 1`);
  if (!isInteger(leaderId) || !isInteger(leaderEpoch) || !isInteger(votedId))
    throw damaged('lacks leaderId, leaderEpoch or votedId');
  const state = {
    leaderId,
    leaderEpoch,
    votedId,
    votedDirectoryId: typeof votedDirectoryId === 'string' ? votedDirectoryId : NO_DIRECTORY_ID,
  };
  if (version === 1) return state;
  const voters = Array.isArray(currentVoters) ? (currentVoters as { voterId?: unknown }[]) : [];
  return { ...state, currentVoters: voters.map(voter => voter.voterId).filter(isInteger) };
}

export function writeQuorumState(
  fileSystem: FileSystem,
  metadataDirectory: string,
  state: QuorumState,
): void {
  const { leaderId, leaderEpoch, votedId, votedDirectoryId, currentVoters } = state;
  const json =
    currentVoters === undefined
      ? { leaderId, leaderEpoch, votedId, votedDirectoryId, data_version: 1 }
      : {
          clusterId: '',
          leaderId,
          leaderEpoch,
          votedId,
          appliedOffset: 0,
          currentVoters: currentVoters.map(voterId => ({ voterId })),
          data_version: 0,
        };
  replaceWholeFile(fileSystem, `${metadataDirectory}/${QUORUM_STATE}`, JSON.stringify(json));
}

function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
