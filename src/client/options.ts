// How to reach a cluster: addresses, TLS, login. Plain data, so that it can cross a thread border.

export interface TlsSettings {
  /** PEM texts, not paths. Without `ca` the system's authorities are trusted. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** The name the certificate must carry, when it is not the broker's host. */
  readonly serverName?: string;
  /** False accepts any certificate: only for experiments. */
  readonly rejectUnauthorized?: boolean;
}

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

export interface SaslSettings {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

export interface ConnectionSettings {
  readonly tls?: TlsSettings;
  readonly sasl?: SaslSettings;
}

export interface KafkaClientOptions extends ConnectionSettings {
  /** host:port, several separated by commas. */
  readonly bootstrapServers: string;
  readonly clientId: string;
  /** From dialling to the end of the login. Default 3 s, so that a person hears soon that nobody is there. */
  readonly connectTimeoutMs?: number;
  /** For the answer to one request. Default 30 s, as in Apache Kafka's clients. */
  readonly requestTimeoutMs?: number;
}
