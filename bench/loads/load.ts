// What a load is: a name to choose it by, the sides it runs on, and what it measured. A side is a server and what is
// asked of it: `apache-flush` is Apache Kafka with flush.messages=1 on the topic, so that it syncs as `always` does.

import type { Server } from '../support/servers.ts';

export type Side = 'apache' | 'apache-flush' | 'os' | 'always';

export interface Measure {
  /** Stable name, e.g. `produce-1k-p1-all.throughput`. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly value: number;
}

export interface LoadContext {
  readonly server: Server;
  readonly side: Side;
  readonly isQuick: boolean;
  /** Topics made and filled on this server, with the number of their records. */
  readonly filled: Map<string, number>;
}

export interface Load {
  readonly name: string;
  readonly sides: readonly Side[];
  /** Whether `--quick` runs it too. */
  readonly inQuick: boolean;
  readonly run: (context: LoadContext) => Promise<Measure[]>;
}

export function topicConfigs(side: Side): Record<string, string> {
  return side === 'apache-flush' ? { 'flush.messages': '1' } : {};
}
