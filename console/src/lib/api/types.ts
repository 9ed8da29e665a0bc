// What /api/v1 answers. Offsets, timestamps and every other int64 are strings: a JavaScript number would round them.

export interface Broker {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface Cluster {
  readonly mode: 'embedded' | 'external';
  readonly clusterId: string | null;
  readonly controllerId: number | null;
  readonly bootstrapServers: string | readonly string[];
  readonly brokers: readonly Broker[];
  readonly version: string;
  readonly dataDirectory: string | null;
  readonly durability: 'always' | 'interval' | 'os' | null;
  readonly reachable: boolean;
  readonly error: string | null;
  readonly startedAt: string;
}

export interface TopicName {
  readonly name: string;
  readonly topicId: string;
  readonly internal: boolean;
  readonly partitions: number;
  readonly replicationFactor: number;
}

export interface TopicSummary {
  readonly name: string;
  readonly records: string;
  readonly partitions: readonly OffsetRange[];
  readonly cleanupPolicy: string | null;
  readonly retentionMs: string | null;
  readonly lastTimestamp: string | null;
  readonly error: string | null;
}

/** Offsets of one partition: earliest kept, and the one after the last readable. */
export interface OffsetRange {
  readonly partition: number;
  readonly earliest: string;
  readonly latest: string;
}

export interface TopicPartition extends OffsetRange {
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly leaderEpoch: number;
}

export interface Topic {
  readonly name: string;
  readonly topicId: string;
  readonly internal: boolean;
  readonly records: string;
  readonly partitions: readonly TopicPartition[];
}

export interface ConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly default: boolean;
  readonly source: string;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  readonly type: string;
  readonly documentation: string | null;
  readonly synonyms: readonly {
    readonly name: string;
    readonly value: string | null;
    readonly source: string;
  }[];
}

export interface Body {
  readonly text: string;
  readonly encoding: 'utf8' | 'base64';
  readonly format: 'json' | 'text' | 'bytes';
  /** Bytes of the whole key, value or header, also when `text` is only its beginning. */
  readonly size: number;
  readonly truncated: boolean;
}

export interface Header {
  readonly key: string;
  readonly value: Body | null;
}

export interface KafkaRecord {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly key: Body | null;
  readonly value: Body | null;
  readonly headers: readonly Header[];
  readonly sizeInBytes: number;
  readonly compression: string;
  readonly transactional: boolean;
}

export interface RecordPage {
  readonly records: readonly KafkaRecord[];
  readonly cursor: string | null;
  readonly watermarks: readonly OffsetRange[];
}

export type Data = string | { readonly text: string } | { readonly base64: string };

export interface RecordDraft {
  readonly partition?: number;
  readonly key: Data | null;
  readonly value: Data | null;
  readonly headers: readonly { readonly key: string; readonly value: Data | null }[];
}

export interface ProducedOffset {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
}
