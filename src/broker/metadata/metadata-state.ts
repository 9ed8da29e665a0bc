// The state of the metadata shard: the image, and the table that says what each record type does to it. A metadata
// transaction (KIP-868: BeginTransaction … EndTransaction) counts as a whole or, aborted or unfinished, not at all.

import { KRaftVersionRecord } from '../../protocol/messages/records/kraft-version-record.ts';
import { VotersRecord } from '../../protocol/messages/records/voters-record.ts';
import { codecOf } from '../../protocol/schema/codec.ts';
import type { RecordOf } from '../../protocol/schema/field.ts';
import { Reader } from '../../protocol/wire/reader.ts';
import type { ControlRecord, RecordPosition } from '../runtime/record-codec.ts';
import type { ShardState } from '../runtime/shard.ts';
import {
  replayBrokerRegistrationChange,
  replayFencing,
  replayRegisterBroker,
  replayUnregisterBroker,
} from './brokers.ts';
import { ChangeCollector } from './changes.ts';
import { replayConfig } from './configs.ts';
import { KRAFT_VERSION, replayFeatureLevel } from './features.ts';
import { emptyImage, frozenImage, type MetadataImage, type MutableMetadataImage } from './image.ts';
import {
  replayAccessControlEntry,
  replayClientQuota,
  replayDelegationToken,
  replayRemoveAccessControlEntry,
  replayRemoveDelegationToken,
  replayRemoveUserScramCredential,
  replayUserScramCredential,
} from './kept-records.ts';
import type { MetadataData, MetadataRecord, MetadataRecordType } from './metadata-record.ts';
import { replayProducerIds } from './producer-id-blocks.ts';
import {
  replayClearElr,
  replayPartition,
  replayPartitionChange,
  replayRemoveTopic,
  replayTopic,
} from './topics.ts';

/** ControlRecordType */
const KRAFT_VERSION_CONTROL = 5;
const KRAFT_VOTERS_CONTROL = 6;

type Replay<Type extends MetadataRecordType> = (
  image: MutableMetadataImage,
  data: MetadataData<Type>,
  changes: ChangeCollector,
) => void;

/** Says nothing about the cluster, or only to nodes that Millrace is not. */
const ignored = (): void => {};

const replays: { readonly [Type in MetadataRecordType]: Replay<Type> } = {
  RegisterBrokerRecord: replayRegisterBroker,
  UnregisterBrokerRecord: replayUnregisterBroker,
  BrokerRegistrationChangeRecord: replayBrokerRegistrationChange,
  FenceBrokerRecord: (image, { id, epoch }) => replayFencing(image, { id, epoch, isFenced: true }),
  UnfenceBrokerRecord: (image, { id, epoch }) => replayFencing(image, { id, epoch, isFenced: false }),
  RegisterControllerRecord: (image, data) => void image.controllers.set(data.controllerId, data),
  TopicRecord: replayTopic,
  PartitionRecord: replayPartition,
  PartitionChangeRecord: replayPartitionChange,
  RemoveTopicRecord: replayRemoveTopic,
  ClearElrRecord: replayClearElr,
  ConfigRecord: replayConfig,
  FeatureLevelRecord: replayFeatureLevel,
  ProducerIdsRecord: replayProducerIds,
  ClientQuotaRecord: replayClientQuota,
  UserScramCredentialRecord: replayUserScramCredential,
  RemoveUserScramCredentialRecord: replayRemoveUserScramCredential,
  AccessControlEntryRecord: replayAccessControlEntry,
  RemoveAccessControlEntryRecord: replayRemoveAccessControlEntry,
  DelegationTokenRecord: replayDelegationToken,
  RemoveDelegationTokenRecord: replayRemoveDelegationToken,
  NoOpRecord: ignored,
  ZkMigrationStateRecord: ignored,
  BeginTransactionRecord: ignored,
  EndTransactionRecord: ignored,
  AbortTransactionRecord: ignored,
};

export type Voter = RecordOf<typeof VotersRecord>['voters'][number];

/** What a snapshot holds. */
export interface SnapshotContents {
  /** Must not change while the batches are made. */
  readonly image: MetadataImage;
  /** Empty in a log of kraft.version 0. */
  readonly voters: readonly Voter[];
  /** Of the last record that the snapshot stands for. */
  readonly lastTimestampMs: number;
}

export class MetadataState implements ShardState<MetadataRecord> {
  readonly #image = emptyImage();
  readonly changes = new ChangeCollector();
  /** The quorum as the log's control records say; empty for kraft.version 0, whose voters stand in quorum-state. */
  voters: readonly Voter[] = [];
  /** Records since BeginTransaction, null outside of one. */
  #transaction: MetadataRecord[] | null = null;

  /** Of the last record. */
  #lastTimestampMs = -1;

  /** As it is now, for a snapshot; null in the middle of a metadata transaction. */
  frozen(): SnapshotContents | null {
    if (this.#transaction !== null) return null;
    return {
      image: frozenImage(this.#image),
      voters: this.voters,
      lastTimestampMs: this.#lastTimestampMs,
    };
  }

  get image(): MetadataImage {
    return this.#image;
  }

  replay(record: MetadataRecord, position: RecordPosition): void {
    this.#image.lastOffset = position.offset;
    this.#lastTimestampMs = position.timestampMs;
    switch (record.type) {
      case 'BeginTransactionRecord':
        this.#transaction = [];
        break;
      case 'AbortTransactionRecord':
        this.#transaction = null;
        break;
      case 'EndTransactionRecord': {
        const records = this.#transaction ?? [];
        this.#transaction = null;
        for (const part of records) this.#apply(part);
        break;
      }
      default:
        if (this.#transaction === null) this.#apply(record);
        else this.#transaction.push(record);
    }
  }

  replayControl({ type, value }: ControlRecord, position: RecordPosition): void {
    this.#image.lastOffset = position.offset;
    this.#lastTimestampMs = position.timestampMs;
    if (value === null) return;
    // Control values of KRaft begin with their version, which is also a field of the message.
    if (type === KRAFT_VERSION_CONTROL) {
      const { kRaftVersion } = codecOf(KRaftVersionRecord, 0).decode(new Reader(value));
      if (kRaftVersion > 0) this.#image.features.set(KRAFT_VERSION, kRaftVersion);
    }
    if (type === KRAFT_VOTERS_CONTROL)
      this.voters = codecOf(VotersRecord, 0).decode(new Reader(value)).voters;
  }

  /** A snapshot was replayed, whose own offsets and times mean nothing: it stands for the log below `endOffset`. */
  restoredUpTo(endOffset: number, lastTimestampMs: number): void {
    this.#image.lastOffset = endOffset - 1;
    this.#lastTimestampMs = lastTimestampMs;
  }

  #apply(record: MetadataRecord): void {
    const replay = replays[record.type] as Replay<MetadataRecordType>;
    replay(this.#image, record.data, this.changes);
  }
}
