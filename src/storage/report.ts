// What storage tells a person: a recovery that cut something, damage, a disk that fills up. Never the only trace of an
// error that a caller must handle; those are returned or thrown.

export interface StorageReport {
  readonly level: 'info' | 'warn' | 'error';
  /** What happened, what it means for the data, what to do next. */
  readonly message: string;
  readonly topic?: string;
  readonly partition?: number;
}

export type Reporter = (report: StorageReport) => void;
