// What the gateway is told at its start. Plain data: it crosses into the worker thread.

import type { ConnectionSettings } from '../client/options.ts';

export interface PublicAddress {
  /** host:port that this machine can dial. */
  readonly bootstrapServers: string;
  /** What the broker tells clients to dial. */
  readonly host: string;
  readonly port: number;
}

export interface GatewayOptions {
  /** host:port, several separated by commas: the broker of this process, or an external cluster. */
  readonly bootstrapServers: string;
  readonly connection: ConnectionSettings;
  /** Where clients reach the broker, when the gateway has a way of its own (docs/decisions/0010); else null. */
  readonly publicAddress: PublicAddress | null;
  /** 0: any free one; null: off. */
  readonly consolePort: number | null;
  readonly apiPort: number | null;
  /** The address to listen on. `localhost` is 127.0.0.1 and ::1. */
  readonly host: string;
  /** Where the built console lies. */
  readonly consoleDirectory: string;
  readonly version: string;
  /** Whether the broker runs in this process. */
  readonly mode: 'embedded' | 'external';
  /** Of the broker in this process; null for an external cluster or in memory. */
  readonly dataDirectory: string | null;
  readonly durability: 'always' | 'interval' | 'os' | null;
  /** Names under which this machine may be called besides localhost (Host header), without port. */
  readonly allowedHosts: readonly string[];
  /** Where the gateway may keep state of its own; never inside Kafka's directory. */
  readonly stateDirectory: string | null;
}

/** What the worker tells its parent. */
export type GatewayMessage =
  | { readonly type: 'listening'; readonly console: string | null; readonly api: string | null }
  | {
      readonly type: 'failed';
      readonly message: string;
      readonly code: string | null;
      readonly port: number | null;
    }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly type: 'stopped' };

/** What the parent tells the worker. */
export interface StopMessage {
  readonly type: 'stop';
}
