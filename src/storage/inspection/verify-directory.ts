// A whole data directory: which cluster it belongs to, its checkpoints held against the partitions, every partition, and
// what does not belong there. Reads only; a running broker's last batches may look unfinished.

import { decodeMetadataRecord } from '../../protocol/messages/records/framing.ts';
import type { RecordView } from '../../protocol/records/read-records.ts';
import {
  METADATA_TOPIC,
  type PartitionDirectory,
  parsePartitionDirectory,
  REMOTE_LOG_INDEX_CACHE,
} from '../data-dir/layout.ts';
import { META_PROPERTIES, readMetaProperties } from '../data-dir/meta-properties.ts';
import {
  LOG_START_CHECKPOINT,
  RECOVERY_POINT_CHECKPOINT,
  readOffsetCheckpoint,
} from '../data-dir/offset-checkpoint.ts';
import { PARTITION_METADATA, partitionMetadataText } from '../data-dir/partition-metadata.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { OFFSET_CHECKPOINTS } from './file-kind.ts';
import { type Finding, finding } from './finding.ts';
import { type PartitionReport, verifyPartition } from './verify-partition.ts';

export interface DirectoryReport {
  readonly clusterId: string | null;
  readonly nodeId: number | null;
  readonly directoryId: string | null;
  readonly partitions: ReadonlyMap<string, PartitionReport>;
  readonly findings: readonly Finding[];
}

export interface DirectoryTask {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  /** What reads the records of Kafka's own topics; throws when it cannot. */
  readonly understandBy: (topic: string) => ((record: RecordView, isControlRecord: boolean) => void) | null;
  readonly onPartition?: (name: string, report: PartitionReport) => void;
}

export function verifyDirectory(task: DirectoryTask): DirectoryReport {
  const { fileSystem, directory } = task;
  const identity = readMetaProperties(fileSystem, directory);
  const findings: Finding[] =
    identity === null
      ? [
          finding(
            'error',
            META_PROPERTIES,
            'is missing: whose directory this is cannot be told, and Apache Kafka would not start',
          ),
        ]
      : [];
  const partitions = new Map<string, PartitionReport>();
  const topicIds = new Map<string, string>();
  const entries = fileSystem.list(directory).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, kind } of entries) {
    if (kind !== 'directory' || name === REMOTE_LOG_INDEX_CACHE) continue;
    const parsed = parsePartitionDirectory(name);
    if (parsed === null)
      findings.push(
        finding('error', name, 'is no partition: Apache Kafka refuses to start over it. Move it elsewhere'),
      );
    else if (parsed.state !== 'live')
      findings.push(finding('note', name, `is set aside (${parsed.state}); the broker removes it in time`));
    else partitions.set(name, verifyOne(task, parsed, topicIds));
  }
  for (const [name, report] of partitions)
    findings.push(...report.findings.map(found => withTopicId(found, { name, topicIds })));
  for (const name of OFFSET_CHECKPOINTS) findings.push(...verifyCheckpoint(task, name, partitions));
  const { clusterId = null, nodeId = null, directoryId = null } = identity ?? {};
  return { clusterId, nodeId, directoryId, partitions, findings };
}

function verifyOne(
  task: DirectoryTask,
  parsed: PartitionDirectory,
  topicIds: Map<string, string>,
): PartitionReport {
  const understand = task.understandBy(parsed.topic);
  const collect =
    parsed.topic === METADATA_TOPIC
      ? (record: RecordView, isControlRecord: boolean) => {
          understand?.(record, isControlRecord);
          if (!isControlRecord) collectTopicId(record, topicIds);
        }
      : understand;
  const report = verifyPartition({
    fileSystem: task.fileSystem,
    directory: `${task.directory}/${parsed.name}`,
    shownAs: parsed.name,
    understand: collect,
  });
  task.onPartition?.(parsed.name, report);
  return report;
}

function collectTopicId({ value }: RecordView, topicIds: Map<string, string>): void {
  if (value === null) return;
  const record = decodeMetadataRecord(value);
  if (record.type === 'TopicRecord') topicIds.set(record.data.name, record.data.topicId);
}

/** The metadata log knows the id that a lost `partition.metadata` held. (`__cluster_metadata` sorts before most topics, but not all.) */
function withTopicId(
  found: Finding,
  known: { name: string; topicIds: ReadonlyMap<string, string> },
): Finding {
  if (!found.path.endsWith(`/${PARTITION_METADATA}`)) return found;
  const topicId = known.topicIds.get(parsePartitionDirectory(known.name)!.topic);
  if (topicId === undefined) return found;
  const remedy = {
    kind: 'write',
    content: partitionMetadataText(topicId),
    meaning: `with the topic id ${topicId} of the metadata log`,
  } as const;
  return { ...found, remedy };
}

const WITHOUT: Readonly<Record<string, string>> = {
  [RECOVERY_POINT_CHECKPOINT]: 'every log is then read whole at the next start',
  [LOG_START_CHECKPOINT]: 'records that DeleteRecords took may come back, up to the start of their segment',
};

function verifyCheckpoint(
  { fileSystem, directory }: DirectoryTask,
  name: string,
  partitions: ReadonlyMap<string, PartitionReport>,
): Finding[] {
  const { offsets, malformed } = readOffsetCheckpoint(fileSystem, `${directory}/${name}`);
  if (malformed !== null) {
    const meaning = WITHOUT[name] ?? 'it is written anew';
    return [finding('error', name, `cannot be read: ${malformed}`, { remedy: { kind: 'remove', meaning } })];
  }
  const findings: Finding[] = [];
  for (const [partition, offset] of offsets) {
    const report = partitions.get(partition);
    if (report === undefined || offset <= report.endOffset) continue;
    const what = `says ${offset} for ${partition}, whose log ends at ${report.endOffset}`;
    findings.push(finding('error', name, `${what}: records that were there once are missing`));
  }
  return findings;
}
