// Records of the metadata log as decisions make them and replay takes them: with every field, and with the version that
// the finalized metadata.version allows (MetadataVersion.*RecordVersion), so that an older node can still read the log.

import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
} from '../../protocol/messages/records/framing.ts';
import type { RecordCodec } from '../runtime/record-codec.ts';

export type { MetadataRecord };
export type MetadataRecordType = MetadataRecord['type'];
/** The fields of one record type. */
export type MetadataData<Type extends MetadataRecordType> = Extract<
  MetadataRecord,
  { readonly type: Type }
>['data'];

export const metadataRecordCodec: RecordCodec<MetadataRecord> = {
  encode: record => ({ key: null, value: encodeMetadataRecord(record) }),
  // An unknown record is fatal, as in Apache Kafka: skipping it would let the image drift from the log.
  decode: (_key, value) => decodeMetadataRecord(value ?? Buffer.alloc(0)),
};

/** The only version of most record types. */
export function record<Type extends MetadataRecordType>(
  type: Type,
  data: MetadataData<Type>,
): MetadataRecord {
  return { type, version: 0, data } as MetadataRecord;
}

/** A record type with several versions. */
export function recordOf<Type extends MetadataRecordType>(options: {
  readonly type: Type;
  readonly version: number;
  readonly data: MetadataData<Type>;
}): MetadataRecord {
  return options as MetadataRecord;
}

const DIRECTORY_ASSIGNMENT = 17;
const CONTROLLER_REGISTRATION = 15;
const ELIGIBLE_LEADER_REPLICAS = 23;
const CORDONED_LOG_DIRECTORIES = 30;
const ZK_MIGRATION = 8;
const METADATA_TRANSACTIONS = 13;

/** What a metadata.version lets the log contain. */
export const versionsAt = {
  registerBroker: (level: number): number =>
    level >= CORDONED_LOG_DIRECTORIES ? 4 : level >= DIRECTORY_ASSIGNMENT ? 3 : level >= ZK_MIGRATION ? 2 : 1,
  partition: (level: number): number =>
    level >= ELIGIBLE_LEADER_REPLICAS ? 2 : level >= DIRECTORY_ASSIGNMENT ? 1 : 0,
  hasDirectories: (level: number): boolean => level >= DIRECTORY_ASSIGNMENT,
  hasCordonedDirectories: (level: number): boolean => level >= CORDONED_LOG_DIRECTORIES,
  hasControllerRegistration: (level: number): boolean => level >= CONTROLLER_REGISTRATION,
  hasTransactions: (level: number): boolean => level >= METADATA_TRANSACTIONS,
} as const;
