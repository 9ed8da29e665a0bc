// Records of the metadata log as TypeScript sees them: a type's name, the version to write, the fields. The framing
// (one number, one version, the message) is protocol's; here is only the codec the shard wants, and the types.

import type { RecordOf } from '../../protocol/schema/field.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../../protocol/messages/records/framing.ts';
import type { metadataRecords } from '../../protocol/messages/records/index.ts';
import type { RecordCodec } from '../runtime/record-codec.ts';

type Declaration = (typeof metadataRecords)[number];
export type MetadataRecordType = Declaration['name'];
type DeclarationOf<Type extends MetadataRecordType> = Extract<Declaration, { readonly name: Type }>;

/** The fields of one record type. */
export type MetadataData<Type extends MetadataRecordType> = RecordOf<DeclarationOf<Type>>;

export type MetadataRecord = {
  [Type in MetadataRecordType]: {
    readonly type: Type;
    /** Left away: the newest version of the type. */
    readonly version?: number;
    readonly data: MetadataData<Type>;
  };
}[MetadataRecordType];

export const metadataRecordCodec: RecordCodec<MetadataRecord> = {
  encode: record => ({ key: null, value: encodeMetadataRecord(record) }),
  // An unknown record is fatal, as in Apache Kafka: skipping it would let the image drift from the log.
  decode: (_key, value) => decodeMetadataRecord(value ?? Buffer.alloc(0)) as MetadataRecord,
};
