// The codecs that a start uses, as the source of src/protocol/schema/prepared-codecs.ts in the bundle. A codec that is
// missing here is compiled when it is used; one that is here and unused costs the bytes.

import { ApiVersions } from '../src/protocol/messages/apis/api-versions.ts';
import { RequestHeader } from '../src/protocol/messages/headers.ts';
import { metadataRecords } from '../src/protocol/messages/records/index.ts';
import { KRaftVersionRecord } from '../src/protocol/messages/records/kraft-version-record.ts';
import { LeaderChangeMessage } from '../src/protocol/messages/records/leader-change-message.ts';
import { SnapshotFooterRecord } from '../src/protocol/messages/records/snapshot-footer-record.ts';
import { SnapshotHeaderRecord } from '../src/protocol/messages/records/snapshot-header-record.ts';
import { VotersRecord } from '../src/protocol/messages/records/voters-record.ts';
import { codecSupport } from '../src/protocol/schema/codec-support.ts';
import { decoderText } from '../src/protocol/schema/decoder.ts';
import { encoderText } from '../src/protocol/schema/encoder.ts';
import type { Message } from '../src/protocol/schema/field.ts';

/** What a metadata log of a node alone consists of, and the first thing that a client asks. */
const USED_BY_A_START = [
  'decode ApiVersionsRequest 0',
  'decode ApiVersionsRequest 4',
  'decode BeginTransactionRecord 0',
  'decode BrokerRegistrationChangeRecord 0',
  'decode BrokerRegistrationChangeRecord 1',
  'decode EndTransactionRecord 0',
  'decode FeatureLevelRecord 0',
  'decode KRaftVersionRecord 0',
  'decode RegisterBrokerRecord 3',
  'decode RegisterControllerRecord 0',
  'decode RequestHeader 1',
  'decode RequestHeader 2',
  'decode SnapshotHeaderRecord 0',
  'decode VotersRecord 0',
  'encode ApiVersionsResponse 0',
  'encode ApiVersionsResponse 4',
  'encode BeginTransactionRecord 0',
  'encode BrokerRegistrationChangeRecord 0',
  'encode BrokerRegistrationChangeRecord 1',
  'encode EndTransactionRecord 0',
  'encode FeatureLevelRecord 0',
  'encode KRaftVersionRecord 0',
  'encode LeaderChangeMessage 0',
  'encode RegisterBrokerRecord 3',
  'encode RegisterControllerRecord 0',
  'encode SnapshotFooterRecord 0',
  'encode SnapshotHeaderRecord 0',
  'encode VotersRecord 0',
];

const MESSAGES = [
  RequestHeader,
  ApiVersions.request,
  ApiVersions.response,
  ...metadataRecords,
  KRaftVersionRecord,
  LeaderChangeMessage,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
] as unknown as readonly Message[];

/** The module that takes the place of prepared-codecs.ts. */
export function startCodecs(): string {
  const names = Object.keys(codecSupport).join(',');
  const entries = USED_BY_A_START.map(key => `[${JSON.stringify(key)},()=>{${textOf(key)}}]`);
  return `export function preparedCodecs(support){const{${names}}=support;return new Map([${entries.join(',')}]);}`;
}

function textOf(key: string): string {
  const [direction, name, version] = key.split(' ');
  const message = MESSAGES.find(each => each.name === name);
  if (message === undefined) throw new Error(`There is no message for the codec "${key}".`);
  const text = direction === 'decode' ? decoderText : encoderText;
  return text(message, Number(version));
}
