// Requests that a new broker may refuse for a moment (coordinators load, leaders are made, markers are on their way):
// asked again until they are answered, within a bound.

import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaClient } from '../../../src/client/kafka-client.ts';
import { errorOf, KafkaError } from '../../../src/protocol/errors.ts';
import type { Api } from '../../../src/protocol/schema/field.ts';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;
/** Of a topic just made or a broker just started: they pass, though nothing says so. */
const PASSING = ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID', 'CONCURRENT_TRANSACTIONS'];

export function clientOf(bootstrapServers: string): KafkaClient {
  return new KafkaClient({ bootstrapServers, clientId: 'hand-over', connectTimeoutMs: 20_000 });
}

export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline || !passes(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Waits for something to become true. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`it did not happen: ${what}`);
    await sleep(PAUSE_MS);
  }
}

function passes(error: unknown): boolean {
  if (!(error instanceof KafkaError)) return false;
  return PASSING.includes(error.errorName) || errorOf(error.code).retriable;
}

/** Throws what the code means. */
export function refuse(code: number, what: string): void {
  if (code === 0) return;
  const { name, text } = errorOf(code);
  throw new KafkaError(name, `${what}: ${name}: ${text}`);
}

export async function serves(client: KafkaClient, api: Api): Promise<boolean> {
  const connection = await client.connectionTo('any');
  try {
    connection.versionOf(api);
    return true;
  } catch {
    return false;
  }
}
