// Producer state as of an offset: the latest usable snapshot at or below it, then the batches in between
// (UnifiedLog.rebuildProducerState). Producers that have been idle for longer than producer.id.expiration.ms are left out.

import { readWholeFile } from '../fs/whole-file.ts';
import type { LogContext } from './log-context.ts';
import type { ProducerEntry } from './producer-entry.ts';
import { decodeProducerSnapshot } from './producer-snapshot.ts';
import { isExpired } from './producer-state.ts';
import type { Segment } from './segment.ts';
import { offsetName, PRODUCER_SNAPSHOT_SUFFIX } from './segment-names.ts';
import type { RecoveryState } from './segment-recovery.ts';
import { replaySegment } from './segment-recovery.ts';

export interface ProducerLoading {
  readonly context: LogContext;
  readonly directory: string;
  readonly segments: readonly Segment[];
  /** Where the log starts. */
  readonly fromOffset: number;
  readonly toOffset: number;
  /** Ascending. */
  readonly snapshotOffsets: readonly number[];
  /** The one of them that was read already; a state takes its entries over. */
  readonly read?: { readonly offset: number; readonly entries: ProducerEntry[] } | null;
}

export function loadProducers(
  loading: ProducerLoading,
  state: RecoveryState,
  onDamagedSnapshot: (offset: number, why: string) => void,
): void {
  const { context, directory, segments, toOffset } = loading;
  const expiry = { nowMs: context.clock.nowMs(), expirationMs: context.producerIdExpirationMs };
  let from = loading.fromOffset;
  for (const offset of [...loading.snapshotOffsets].reverse()) {
    if (offset > toOffset || offset <= loading.fromOffset) continue;
    const path = `${directory}/${offsetName(offset, PRODUCER_SNAPSHOT_SUFFIX)}`;
    const entries =
      loading.read?.offset === offset
        ? loading.read.entries
        : decodeProducerSnapshot(readWholeFile(context.fileSystem, path) ?? Buffer.alloc(0));
    if (Array.isArray(entries)) {
      state.producers.load(entries.filter(entry => !isExpired(entry, expiry)));
      from = offset;
      break;
    }
    onDamagedSnapshot(offset, entries.damaged);
  }
  if (from >= toOffset) return;
  segments.forEach((segment, index) => {
    const end = segments[index + 1]?.baseOffset ?? Number.POSITIVE_INFINITY;
    if (segment.baseOffset < toOffset && end > from) replaySegment(segment, { from, to: toOffset }, state);
  });
}
