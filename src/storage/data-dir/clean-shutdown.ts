// `.kafka_cleanshutdown` (CleanShutdownFileHandler): JSON {"version":0,"brokerEpoch":N}, written last by a clean stop and
// deleted first by a start. With it Apache Kafka trusts every log, index and snapshot unread: write it only when all of
// them are complete and synced. Empty files of older versions count as clean, with no broker epoch.

import { dirname } from 'node:path/posix';
import type { FileSystem } from '../fs/file-system.ts';
import { readTextFile, replaceWholeFile } from '../fs/whole-file.ts';

export const CLEAN_SHUTDOWN = '.kafka_cleanshutdown';

/** null: no clean stop. -1: clean, epoch unknown. The marker is gone, durably, when this returns. */
export function takeCleanShutdown(
  fileSystem: FileSystem,
  directory: string,
): { readonly brokerEpoch: number } | null {
  const path = `${directory}/${CLEAN_SHUTDOWN}`;
  const text = readTextFile(fileSystem, path);
  if (text === null) return null;
  fileSystem.remove(path);
  fileSystem.syncDirectory(dirname(path));
  return { brokerEpoch: brokerEpochOf(text) };
}

export function writeCleanShutdown(fileSystem: FileSystem, directory: string, brokerEpoch: number): void {
  replaceWholeFile(
    fileSystem,
    `${directory}/${CLEAN_SHUTDOWN}`,
    `{"version":0,"brokerEpoch":${brokerEpoch}}`,
  );
}

function brokerEpochOf(text: string): number {
  try {
    const { brokerEpoch } = JSON.parse(text) as { brokerEpoch?: unknown };
    return typeof brokerEpoch === 'number' && Number.isSafeInteger(brokerEpoch) ? brokerEpoch : -1;
  } catch {
    return -1;
  }
}
