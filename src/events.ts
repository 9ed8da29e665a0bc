// What the broker tells whoever observes it: types only, open to every folder, because these values cross threads (the
// gateway's worker receives them as messages). Plain data, no methods, no buffers. An event is information, never a
// duty: whoever lags loses events, and nothing in the broker may depend on one being read.

export interface ConnectionOpened {
  readonly type: 'connection-opened';
  readonly atMs: number;
  readonly connectionId: number;
  readonly listenerName: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

export interface ConnectionClosed {
  readonly type: 'connection-closed';
  readonly atMs: number;
  readonly connectionId: number;
  /** Why it ended, in words; "the client closed it" is the usual one. */
  readonly reason: string;
  readonly clientId: string;
  readonly clientSoftwareName: string;
  readonly clientSoftwareVersion: string;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** One request answered (or, with acks=0, done without an answer). */
export interface RequestServed {
  readonly type: 'request-served';
  readonly atMs: number;
  readonly connectionId: number;
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly clientId: string;
  /** From the request's bytes being whole to its answer being handed to the socket. */
  readonly latencyMs: number;
  readonly requestSizeInBytes: number;
  readonly responseSizeInBytes: number;
  /** The error of the answer as one, as far as it has one: 0 when parts of it may still carry errors. */
  readonly errorCode: number;
}

export interface GroupTransition {
  readonly type: 'group-transition';
  readonly atMs: number;
  readonly groupId: string;
  readonly from: string;
  readonly to: string;
  readonly generationId: number;
  readonly memberCount: number;
  /** What caused it, in words: "member x joined", "session of member x timed out". */
  readonly reason: string;
}

export type BrokerEvent = ConnectionOpened | ConnectionClosed | RequestServed | GroupTransition;

/** Where the broker's parts put events. `active` is false while nobody listens: then do not even make the event. */
export interface EventSink {
  readonly active: boolean;
  emit(event: BrokerEvent): void;
}
