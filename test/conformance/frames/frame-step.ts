// One question in raw frames, asked of Apache Kafka and of Millrace: what a step is, and how its answer is made
// comparable. Ids that differ from run to run are replaced by what they stand for; nothing else is.

import type { Api, RequestDraft } from '../../../src/protocol/schema/field.ts';
import { decodeResponse, RawConnection } from '../../support/raw-connection.ts';
import { settled } from '../settled.ts';

/** Longer than any wait a step asks for, on a machine that has much else to do. */
const ANSWER_TIMEOUT_MS = 30_000;

/** One cluster, and what the steps before learned of it. */
export interface Peer {
  readonly port: number;
  readonly topicIds: Map<string, string>;
  readonly sessionIds: Map<string, number>;
}

/** A cluster nobody has asked anything yet. */
export function peerAt(address: string): Peer {
  return { port: Number(address.split(':').at(-1)), topicIds: new Map(), sessionIds: new Map() };
}

export interface FrameStep<P extends Peer = Peer> {
  readonly name: string;
  ask(peer: P): Promise<unknown>;
  /** Why the two differ on purpose. */
  readonly apart?: string;
}

export type Body<A extends Api> = RequestDraft<A> | ((peer: Peer) => RequestDraft<A>);

export interface AskOptions<A extends Api> {
  readonly api: A;
  readonly version: number;
  readonly body: Body<A>;
}

/** Asks on a connection of its own: the answer, or that there was none. */
export async function ask<A extends Api>(
  peer: Peer,
  { api, version, body }: AskOptions<A>,
): Promise<unknown> {
  return onConnection(peer, async connection => {
    const draft = typeof body === 'function' ? (body as (peer: Peer) => RequestDraft<A>)(peer) : body;
    connection.send(api, version, draft);
    return decodeResponse(api, version, await connection.frame());
  });
}

/** Sends bytes as they are; the answer's first bytes in hex. */
export function askBytes(peer: Peer, hex: string, bytesCompared: number): Promise<unknown> {
  return onConnection(peer, async connection => {
    connection.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    const { bytes } = await connection.frame();
    return bytes.toString('hex', 0, bytesCompared);
  });
}

export async function onConnection(
  peer: Peer,
  talk: (connection: RawConnection) => Promise<unknown>,
): Promise<unknown> {
  const connection = await RawConnection.open(peer.port);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise(resolve => {
    timer = setTimeout(() => resolve('no answer'), ANSWER_TIMEOUT_MS);
  });
  const answer = talk(connection).catch(error => (connection.isClosed ? 'closed' : Promise.reject(error)));
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}

export function step<A extends Api>(
  name: string,
  options: AskOptions<A> & { readonly apart?: string },
): FrameStep {
  const { apart, ...question } = options;
  return { name, ask: peer => ask(peer, question), ...(apart === undefined ? {} : { apart }) };
}

/** As JSON, with names in the place of what differs from run to run. */
export function comparable(answer: unknown, peer: Peer): unknown {
  const names = new Map([...peer.topicIds].map(([name, id]) => [id, `id of ${name}`]));
  const text = JSON.stringify(answer, (key, value) => {
    if (typeof value === 'bigint') {
      if (key === 'producerId' && value >= 0n) return 'a producer id';
      if (key === 'logAppendTimeMs' && value > 1_700_000_000_000n) return 'the time of the append';
      return `${value}n`;
    }
    if (key === 'sessionId' && value > 0) return 'a session';
    if (value?.type === 'Buffer') return Buffer.from(value.data).toString('hex');
    return typeof value === 'string' ? (names.get(value) ?? value) : value;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

/** The same step, asked once the broker has applied all that the steps before changed. */
export function onceSettled<P extends Peer>({ ask: asked, ...step }: FrameStep<P>): FrameStep<P> {
  return {
    ...step,
    ask: async peer => {
      await settled(peer.port);
      return asked(peer);
    },
  };
}

/** The same step, of an answer whose lists are in no order of their own (hash maps of the JVM). */
export function inAnyOrder({ name, ask: asked, apart }: FrameStep): FrameStep {
  return { name, ask: async peer => sorted(await asked(peer)), ...(apart === undefined ? {} : { apart }) };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .map(sorted)
      .map(element => ({ element, text: textOf(element) }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ element }) => element);
  }
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, sorted(field)]));
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? `${field}n` : field));
}
