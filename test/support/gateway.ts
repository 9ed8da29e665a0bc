// A gateway in this thread, in front of a broker of its own in memory. With MILLRACE_TEST_KAFKA=host:port it stands in
// front of that cluster instead: the same tests then say whether console and API work on Apache Kafka.

import { type Gateway, startGateway } from '../../src/gateway/server.ts';
import { startTestBroker } from './test-broker.ts';

export interface TestGateway {
  readonly console: string;
  readonly api: string;
  readonly bootstrapServers: string;
  readonly logged: readonly string[];
  close(): Promise<void>;
}

/** The cluster to test against instead of a broker of our own. */
export const foreignKafka = process.env['MILLRACE_TEST_KAFKA'];

/** They are of years ago, and the first look for old ones comes half a minute after a start. */
const RECORDS_STAY = { 'log.retention.ms': '-1' };

export async function startTestGateway(): Promise<TestGateway> {
  const broker = foreignKafka === undefined ? await startTestBroker({ properties: RECORDS_STAY }) : null;
  const bootstrapServers = foreignKafka ?? `127.0.0.1:${broker!.port}`;
  const logged: string[] = [];
  const gateway: Gateway = await startGateway(
    {
      bootstrapServers,
      connection: {},
      publicAddress: null,
      consolePort: 0,
      apiPort: 0,
      host: '127.0.0.1',
      consoleDirectory: '/nowhere',
      version: '0.0.0-test',
      mode: broker === null ? 'external' : 'embedded',
      dataDirectory: null,
      durability: broker === null ? null : 'always',
      allowedHosts: [],
      stateDirectory: null,
    },
    (level, message) => logged.push(`${level} ${message}`),
  );
  const close = async () => {
    await gateway.close();
    await broker?.stop();
  };
  return { console: gateway.console!, api: gateway.api!, bootstrapServers, logged, close };
}

let names = 0;

/** A topic name that no other test uses, also on a cluster that stays. */
export function freshTopic(stem: string): string {
  names += 1;
  return `${stem}-${process.pid}-${Date.now().toString(36)}-${names}`;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not passed on
  readonly body: any;
}

/** A call as a program makes it; the body of the answer parsed. */
export async function call(method: string, url: string, body?: unknown): Promise<JsonAnswer> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url, { method, ...json });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}
