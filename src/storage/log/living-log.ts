// The log as retention and compaction see it: what it says of itself, its files, and the few things that both do to them.

import type { LogBody } from './log-body.ts';
import type { LogSettings } from './log-settings.ts';
import type { Segment } from './segment.ts';

export interface LivingLog {
  readonly topic: string;
  readonly partition: number;
  readonly settings: LogSettings;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly recoveryPoint: number;
  readonly offlineReason: string | null;
  readonly isClosed: boolean;
  requestSync(): void;
}

export interface CleaningTarget {
  readonly log: LivingLog;
  readonly body: LogBody;
  /** Throws CleaningAborted when the log may not be compacted any more. */
  check(): void;
  /** The files of the segments are about to be renamed. */
  forgetSyncs(segments: readonly Segment[]): void;
  /** The segments' files have these names now. */
  removeLater(segments: readonly Segment[], paths: readonly string[]): void;
}

/** The log was closed, went offline, or is not to be compacted any more. */
export class CleaningAborted extends Error {}

/** The log cannot be compacted; trying again would not help. */
export class CleaningError extends Error {}
