// Names in Kafka's data directory (LocalLog, LogFileUtils). A partition lives in `<topic>-<partition>`; set aside, it is
// `<topic>-<partition>.<32 hex digits>-delete` (or `-stray`, `-future`), capped to 255 characters by cutting the topic.
// Any other sub-directory stops Apache Kafka at start, so Millrace keeps plain files only beside these.

import type { TopicPartition } from '../log/outcomes.ts';

/** Kafka's Topic.MAX_NAME_LENGTH. */
export const TOPIC_NAME_LENGTH_MAX = 249;
/** Usual limit of a name in a file system. */
const DIRECTORY_NAME_LENGTH_MAX = 255;
const LEGAL_TOPIC = /^[a-zA-Z0-9._-]+$/;

export const METADATA_TOPIC = '__cluster_metadata';
/** Uuid.METADATA_TOPIC_ID */
export const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
/** Exempt from the rule for sub-directories: Apache Kafka's tiered storage cache. */
export const REMOTE_LOG_INDEX_CACHE = 'remote-log-index-cache';

export type DirectoryState = 'live' | 'delete' | 'stray' | 'future';

export interface PartitionDirectory extends TopicPartition {
  readonly name: string;
  readonly state: DirectoryState;
}

export function partitionDirectoryName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/** `uuidHex`: 32 hexadecimal digits without dashes. */
export function setAsideName(
  { topic, partition }: TopicPartition,
  options: { readonly uuidHex: string; readonly suffix: 'delete' | 'stray' },
): string {
  const tail = `-${partition}.${options.uuidHex}-${options.suffix}`;
  return topic.slice(0, DIRECTORY_NAME_LENGTH_MAX - tail.length) + tail;
}

/** null when Apache Kafka would refuse to start over this name. */
export function parsePartitionDirectory(name: string): PartitionDirectory | null {
  const aside = /^(.+)\.[0-9a-f]{32}-(delete|stray|future)$/.exec(name);
  const base = aside === null ? name : aside[1]!;
  const dash = base.lastIndexOf('-');
  const digits = base.slice(dash + 1);
  if (dash <= 0 || !/^\d{1,10}$/.test(digits) || Number(digits) > 2 ** 31 - 1) return null;
  return {
    name,
    topic: base.slice(0, dash),
    partition: Number(digits),
    state: aside === null ? 'live' : (aside[2] as DirectoryState),
  };
}

export function isLegalTopicName(topic: string): boolean {
  return topic !== '.' && topic !== '..' && topic.length <= TOPIC_NAME_LENGTH_MAX && LEGAL_TOPIC.test(topic);
}
