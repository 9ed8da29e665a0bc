// The records in a log of __consumer_offsets, as a person reads them.

import { isRecordOf } from '../../../src/broker/groups/group-kinds.ts';
import type { GroupMetadataRecord } from '../../../src/broker/groups/group-records.ts';
import { groupRecordCodec } from '../../../src/protocol/messages/records/framing.ts';
import { readRecords } from '../../../src/protocol/records/read-records.ts';
import type { MemoryLog } from '../../support/memory-log.ts';
import { consumerRecordText } from '../consumer-groups/consumer-record-text.ts';
import { shareRecordText } from '../share-groups/share-record-text.ts';
import { assignmentText } from './assignment-text.ts';

export function writtenSince(log: MemoryLog, offset: number, startMs: number): string[] {
  const lines: string[] = [];
  for (const batch of log.batches) {
    for (const record of readRecords(batch)) {
      if (record.offset >= offset)
        lines.push(`log ${record.offset}: ${textOf(record.key, record.value, startMs)}`);
    }
  }
  return lines;
}

function textOf(key: Buffer | null, value: Buffer | null, startMs: number): string {
  const record = groupRecordCodec.decode(key, value);
  if (record === null) return 'a record of an unknown kind';
  if (record.type === 'OffsetCommit') {
    const { group, topic, partition } = record.key;
    if (record.value === null) return `offset ${group} ${topic}-${partition} deleted`;
    const { offset, metadata, leaderEpoch, expireTimestamp } = record.value;
    const more = [
      leaderEpoch >= 0 ? ` epoch=${leaderEpoch}` : '',
      metadata === '' ? '' : ` metadata=${metadata}`,
      expireTimestamp >= 0n ? ` until=${Number(expireTimestamp) - startMs}ms` : '',
    ];
    return `offset ${group} ${topic}-${partition} = ${offset}${more.join('')} (v${record.valueVersion})`;
  }
  if (record.type === 'GroupMetadata') return groupText(record);
  if (isRecordOf(record, 'Consumer')) return consumerRecordText(record);
  return isRecordOf(record, 'Share') ? shareRecordText(record) : record.type;
}

function groupText(record: GroupMetadataRecord): string {
  if (record.value === null) return `group ${record.key.group} deleted`;
  const { generation, protocolType, protocol, leader, members } = record.value;
  const of = [protocolType, protocol].filter(part => part !== null && part !== '').join('/') || 'no protocol';
  const who = members.map(member => {
    const instance = member.groupInstanceId === null ? '' : ` (${member.groupInstanceId})`;
    return `${member.memberId}${instance}=${assignmentText(member.assignment)}`;
  });
  const ledBy = leader === null ? '' : ` led by ${leader}`;
  const list = who.length === 0 ? ', no members' : `: ${who.join(', ')}`;
  return `group ${record.key.group} generation ${generation} ${of}${ledBy}${list} (v${record.valueVersion})`;
}
