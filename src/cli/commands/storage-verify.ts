// `millrace storage verify`: reads a whole data directory and says what is wrong with it. It writes nothing. Exit code 1
// when data is missing or would be served wrong.

import process from 'node:process';
import type { RecordView } from '../../protocol/records/read-records.ts';
import { jsonText } from '../../protocol/schema/json.ts';
import { META_PROPERTIES } from '../../storage/data-dir/meta-properties.ts';
import type { FileSystem } from '../../storage/fs/file-system.ts';
import { NodeFileSystem } from '../../storage/fs/node.ts';
import type { Finding, Severity } from '../../storage/inspection/finding.ts';
import { type DirectoryReport, verifyDirectory } from '../../storage/inspection/verify-directory.ts';
import { CommandError, ExitCode } from '../failure.ts';
import { decodeControl, decoderFor } from '../storage/log-decoding.ts';

export async function runStorageVerify(directory: string, flags: { readonly json?: boolean }): Promise<void> {
  const report = verify(new NodeFileSystem(), directory);
  process.stdout.write(flags.json === true ? jsonOf(report) : textOf(directory, report));
  if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = ExitCode.failed;
}

/** Throws a CommandError when this is no data directory. */
export function verify(fileSystem: FileSystem, directory: string): DirectoryReport {
  const isOne = fileSystem.stat(directory)?.kind === 'directory';
  const hasPartitions =
    isOne && fileSystem.list(directory).some(({ name, kind }) => kind === 'directory' && /-\d+$/.test(name));
  if (!isOne || (!hasPartitions && fileSystem.stat(`${directory}/${META_PROPERTIES}`) === null))
    throw new CommandError(
      `${directory} is no data directory: it has neither ${META_PROPERTIES} nor partitions.`,
      {
        wayOut:
          'Name the directory that holds them, such as .millrace/kafka or the log.dirs of an Apache Kafka.',
      },
    );
  return verifyDirectory({ fileSystem, directory, understandBy });
}

function understandBy(topic: string): ((record: RecordView, isControlRecord: boolean) => void) | null {
  const decoder = decoderFor(topic);
  if (decoder === null) return (record, isControlRecord) => void (isControlRecord && decodeControl(record));
  return (record, isControlRecord) => void (isControlRecord ? decodeControl(record) : decoder(record));
}

function jsonOf({ partitions, ...report }: DirectoryReport): string {
  const sizes = [...partitions].map(([name, { findings: _, ...facts }]) => ({ name, ...facts }));
  return `${jsonText({ ...report, partitions: sizes })}\n`;
}

export function textOf(directory: string, report: DirectoryReport): string {
  const all = [...report.partitions.values()];
  const sum = (of: (one: (typeof all)[number]) => number): string =>
    all.reduce((total, one) => total + of(one), 0).toLocaleString('en');
  const lines = [
    `${directory}: cluster ${report.clusterId ?? 'unknown'}, node ${report.nodeId ?? 'unknown'}, directory id ${report.directoryId ?? 'unknown'}.`,
    `Read ${all.length} partitions, ${sum(one => one.segments)} segments, ${sum(one => one.batches)} batches, ${sum(one => one.records)} records, ${sum(one => one.sizeInBytes)} bytes.`,
    ...report.findings.map(findingLine),
    summaryOf(report.findings),
  ];
  return `${lines.join('\n')}\n`;
}

export function findingLine({ severity, path, position, message }: Finding): string {
  const where = position === null ? path : `${path}, position ${position}`;
  return `${severity.padEnd(7)}  ${where}: ${message}.`;
}

function summaryOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'All of it is whole.';
  const count = (severity: Severity, word: string): string => {
    const number = findings.filter(found => found.severity === severity).length;
    return `${number} ${word}${number === 1 ? '' : 's'}`;
  };
  const counts = `${count('error', 'error')}, ${count('warning', 'warning')}, ${count('note', 'note')}.`;
  const canRepair = findings.some(({ remedy }) => remedy !== null);
  return canRepair ? `${counts} "millrace storage repair" says what it would do about them.` : counts;
}
