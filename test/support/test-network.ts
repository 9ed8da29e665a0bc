// Real listeners, sockets and dispatch around handlers of a test: what is tested is everything between bytes and handler.

import type { TestContext } from 'node:test';
import type { Handler } from '../../src/broker/handlers/handler.ts';
import { Dispatcher } from '../../src/broker/network/dispatch.ts';
import { KafkaNetwork, type KafkaNetworkOptions } from '../../src/broker/network/kafka-network.ts';
import type { BrokerNode } from '../../src/broker/node.ts';
import { systemClock, systemTimers } from '../../src/broker/runtime/clock.ts';
import { EventHub } from '../../src/broker/runtime/event-hub.ts';
import { RawConnection } from './raw-connection.ts';

export interface TestNetwork {
  readonly network: KafkaNetwork;
  readonly port: number;
  readonly events: EventHub;
  readonly reports: string[];
  connect(): Promise<RawConnection>;
}

/** Closed when the test ends. */
export async function openTestNetwork(
  context: TestContext,
  handlers: readonly Handler[],
  options: Partial<KafkaNetworkOptions> & { readonly node?: BrokerNode } = {},
): Promise<TestNetwork> {
  const reports: string[] = [];
  const events = new EventHub();
  const report = (message: string) => reports.push(message);
  const node = options.node ?? ({ quotas: {} } as BrokerNode);
  const network = await KafkaNetwork.open({
    listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 0, protocol: 'PLAINTEXT' }],
    dispatcher: new Dispatcher({ handlers, node, report }),
    clock: systemClock,
    timers: systemTimers,
    events,
    report,
    ...options,
  });
  const port = network.bound[0]?.port ?? 0;
  const connections: RawConnection[] = [];
  context.after(async () => {
    for (const connection of connections) connection.close();
    await network.close();
  });
  const connect = async () => {
    const connection = await RawConnection.open(port);
    connections.push(connection);
    return connection;
  };
  return { network, port, events, reports, connect };
}
