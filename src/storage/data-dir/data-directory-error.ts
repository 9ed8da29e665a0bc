// Why a data directory cannot be used, told so that a person can act: what is wrong, what it means, the way out.

export type DataDirectoryProblem =
  | 'not-writable'
  | 'locked'
  | 'other-cluster'
  | 'other-node'
  | 'newer-version'
  | 'foreign-entry'
  | 'damaged';

export class DataDirectoryError extends Error {
  readonly reason: DataDirectoryProblem;

  constructor(reason: DataDirectoryProblem, message: string) {
    super(message);
    this.name = 'DataDirectoryError';
    this.reason = reason;
  }
}

/** Readers would miss acknowledged records of a log that cannot be synced as it was found, and take it for a shorter one. */
export function notMadeSafe(partition: string, reason: string | null): DataDirectoryError {
  return new DataDirectoryError(
    'not-writable',
    `The disk failed while what was found in ${partition} was made safe. ${reason} ` +
      'What was acknowledged is not touched by this start. Check the disk, and start again.',
  );
}
