// What a tool printed, made comparable: ids, addresses, times and sizes that differ from run to run are replaced by what they
// stand for, and lines, which are in no order of their own, are sorted.

import type { Command } from './commands.ts';

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/(127\.0\.0\.1|localhost):\d+/g, 'HOST:PORT'],
  [/(127\.0\.0\.1|localhost) +\d+/g, 'HOST PORT'],
  [/kafka-tools-\w+/g, 'FILES'],
  [/\b(TopicId|ClusterId|Cluster ID|DirectoryId)(["']?: *["']?)[\w-]{22}/g, '$1$2ID'],
  [/"logDir":"[^"]+"/g, '"logDir":"PATH"'],
  [/"log_dirs":\["\/[^"]+"\]/g, '"log_dirs":["PATH"]'],
  [/"size":[1-9]\d*/g, '"size":SIZE'],
  [/\b(Epoch|HighWatermark|LeaderEpoch): *\d+/g, '$1: N'],
  [/"directoryId": *"[\w-]{22}"/g, '"directoryId": "ID"'],
  [/"endpoints": *\[[^\]]*\]/g, '"endpoints": []'],
  // One replica of the quorum: id, directory, log end, lag, times.
  [/^(\d+\s+)[\w-]{22}\s+\d+\s+(\d+)\s+\d{13}\s+\d{13}/gm, '$1 ID END $2 TIME TIME'],
  [/\b\d+ records sent.*/g, 'RECORDS SENT'],
  // In the order of the tool's own hash set.
  [/(only supports operations) \[[^\]]*\]/g, '$1 […]'],
  [/[ \t]+/g, ' '],
];

export function comparable(printed: string, _command: Command): string[] {
  let text = printed;
  for (const [pattern, name] of REPLACED) text = text.replaceAll(pattern, name);
  return (
    text
      .split('\n')
      .map(line => line.trim())
      // Where in the tool an error arose is the tool's affair.
      .filter(line => line !== '' && !line.startsWith('at ') && !/^\.\.\. \d+ more/.test(line))
      .map(withSortedCredentials)
      .sort()
  );
}

/** A user's mechanisms are named in the order of a hash table. */
function withSortedCredentials(line: string): string {
  const [user, credentials] = line.split(' are SCRAM');
  if (credentials === undefined) return line;
  return `${user} are ${`SCRAM${credentials}`.split(', ').sort().join(', ')}`;
}
