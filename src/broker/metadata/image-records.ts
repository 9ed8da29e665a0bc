// An image as the records that make it: what a snapshot holds, noun by noun in Apache Kafka's order (MetadataImage.write).
// Replayed into an empty state they give the same image; that is tested for every image the tests can think of. Each noun
// says its own records in the file that replays them.

import { registrationRecords } from './brokers.ts';
import { configRecords } from './configs.ts';
import { finalizedFeatureRecords } from './features.ts';
import type { MetadataImage } from './image.ts';
import {
  accessControlEntryRecords,
  clientQuotaRecords,
  delegationTokenRecords,
  userScramCredentialRecords,
} from './kept-records.ts';
import type { MetadataRecord } from './metadata-record.ts';
import { producerIdRecords } from './producer-id-blocks.ts';
import { topicRecords } from './topics.ts';

const NOUNS: readonly ((image: MetadataImage) => Iterable<MetadataRecord>)[] = [
  finalizedFeatureRecords,
  registrationRecords,
  topicRecords,
  configRecords,
  clientQuotaRecords,
  producerIdRecords,
  accessControlEntryRecords,
  userScramCredentialRecords,
  delegationTokenRecords,
];

/** Read while it is asked: the image must not change meanwhile (`frozenImage`). */
export function* imageRecords(image: MetadataImage): Iterable<MetadataRecord> {
  for (const recordsOf of NOUNS) yield* recordsOf(image);
}
