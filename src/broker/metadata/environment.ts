// What decisions about metadata may know besides the image. All of it is injected, so that a decision can be played again.

import type { BrokerSettings } from '../config/settings.ts';

export interface MetadataEnvironment {
  readonly nodeId: number;
  /** Of this node's data directory: where partitions are. */
  readonly directoryId: string;
  readonly settings: BrokerSettings;
  /** In Kafka's base64url text; never one that begins with a dash. */
  readonly newUuid: () => string;
}
