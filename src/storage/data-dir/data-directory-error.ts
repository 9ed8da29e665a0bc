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
