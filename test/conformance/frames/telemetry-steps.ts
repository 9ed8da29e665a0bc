// Client telemetry, which is answered without being advertised: subscriptions, pushes, and those that come too early. An
// instance lives as long as its connection, so a step is a whole conversation.

import { GetTelemetrySubscriptions } from '../../../src/protocol/messages/apis/get-telemetry-subscriptions.ts';
import { IncrementalAlterConfigs } from '../../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { PushTelemetry } from '../../../src/protocol/messages/apis/push-telemetry.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { decodeResponse, type RawConnection } from '../../support/raw-connection.ts';
import { ask, type FrameStep, onConnection } from './frame-step.ts';

const ONE_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const CLIENT_METRICS = 16;
const SET = 0;
const DELETE = 1;

type Subscriptions = ResponseOf<typeof GetTelemetrySubscriptions>;

async function subscribe(connection: RawConnection, clientInstanceId: string): Promise<Subscriptions> {
  connection.send(GetTelemetrySubscriptions, 0, { clientInstanceId });
  const frame = await connection.frame();
  return decodeResponse(GetTelemetrySubscriptions, 0, frame) as Subscriptions;
}

interface Push {
  readonly clientInstanceId: string;
  readonly subscriptionId: number;
  readonly terminating?: boolean;
  readonly compressionType?: number;
  readonly metrics?: Buffer;
}

async function push(connection: RawConnection, pushed: Push): Promise<number> {
  const body = { terminating: false, compressionType: 0, metrics: Buffer.from('m'), ...pushed };
  connection.send(PushTelemetry, 0, body);
  const answer = decodeResponse(PushTelemetry, 0, await connection.frame());
  return (answer as ResponseOf<typeof PushTelemetry>).errorCode;
}

function conversation(name: string, talk: (connection: RawConnection) => Promise<unknown>): FrameStep {
  return { name: `telemetry: ${name}`, ask: peer => onConnection(peer, talk) };
}

function subscription(values: Readonly<Record<string, string>>, operation: number): FrameStep {
  return {
    name: `telemetry: a subscription is ${operation === SET ? 'set' : 'removed'}`,
    ask: async peer => {
      const configs = Object.entries(values).map(([name, value]) => ({
        name,
        configOperation: operation,
        value: operation === SET ? value : null,
      }));
      const resources = [{ resourceType: CLIENT_METRICS, resourceName: 'telemetry', configs }];
      return ask(peer, {
        api: IncrementalAlterConfigs,
        version: 1,
        body: { resources, validateOnly: false },
      });
    },
  };
}

const id = (last: string) => `AAAAAAAAAAAAAAAAAAAAA${last}`;
const wanted = { metrics: 'org.apache.kafka.producer.', 'interval.ms': '100000', match: 'client_id=raw' };
const foreign = { ...wanted, match: 'client_id=somebody' };

export const telemetrySteps: readonly FrameStep[] = [
  conversation('subscriptions', connection => subscribe(connection, ONE_ID)),
  conversation('an id for one that has none', async connection => {
    const { clientInstanceId, errorCode } = await subscribe(connection, ZERO_ID);
    return [errorCode, clientInstanceId !== ZERO_ID];
  }),
  ...[ONE_ID, ZERO_ID].map(clientInstanceId =>
    conversation('a push of a reserved id', connection =>
      push(connection, { clientInstanceId, subscriptionId: 1 }),
    ),
  ),
  conversation('a push, and what follows', async connection => {
    const clientInstanceId = id('w');
    const { subscriptionId } = await subscribe(connection, clientInstanceId);
    const codes = [];
    for (const terminating of [false, false, true, false, true]) {
      codes.push(await push(connection, { clientInstanceId, subscriptionId, terminating }));
    }
    return [subscriptionId, ...codes, await subscribe(connection, clientInstanceId)];
  }),
  conversation('pushes that are refused', async connection => {
    const refusals: Partial<Push>[] = [
      { subscriptionId: 7 },
      { compressionType: 9 },
      { metrics: Buffer.alloc(1_048_577) },
      { metrics: Buffer.alloc(1_048_576) },
      { metrics: Buffer.alloc(0) },
    ];
    const codes = [];
    for (const [index, refusal] of refusals.entries()) {
      const clientInstanceId = 'CDEFG'.charAt(index) + ZERO_ID.slice(1);
      const { subscriptionId } = await subscribe(connection, clientInstanceId);
      codes.push(await push(connection, { clientInstanceId, subscriptionId, ...refusal }));
      codes.push((await subscribe(connection, clientInstanceId)).errorCode);
    }
    return codes;
  }),
  subscription(wanted, SET),
  conversation('what is wanted of one that matches', connection => subscribe(connection, id('g'))),
  subscription(foreign, SET),
  conversation('what is wanted of one that does not', connection => subscribe(connection, id('g'))),
  subscription({ ...wanted, metrics: '*,a.' }, SET),
  conversation('everything is wanted', connection => subscribe(connection, id('g'))),
  subscription(wanted, DELETE),
];
