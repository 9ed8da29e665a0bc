// A node without sockets: handlers are asked directly. For tests of what lies behind them, over a disk in memory, where
// every step must follow from the test alone.

import { assemble } from '../../src/broker/assembly.ts';
import { configure, openFoundation } from '../../src/broker/foundation.ts';
import { handlers } from '../../src/broker/handlers/index.ts';
import type { BrokerNode } from '../../src/broker/node.ts';
import type { Clock, Timers } from '../../src/broker/runtime/clock.ts';
import { Deferred } from '../../src/broker/runtime/deferred.ts';
import { codecOf } from '../../src/protocol/schema/codec.ts';
import type { Api, RequestDraft, ResponseOf } from '../../src/protocol/schema/field.ts';
import { Reader } from '../../src/protocol/wire/reader.ts';
import { Writer } from '../../src/protocol/wire/writer.ts';
import type { FileSystem } from '../../src/storage/fs/file-system.ts';

const POISON = 0xa5;

export interface TestNodeOptions {
  readonly fileSystem: FileSystem;
  readonly time: Clock & Timers;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface TestNode {
  readonly node: BrokerNode;
  readonly reports: string[];
  /** As over a socket: the request is read from a frame whose bytes are somebody else's once the handler has returned. */
  ask<A extends Api>(api: A, version: number, request: RequestDraft<A>): Promise<ResponseOf<A>>;
  /** Ends what the node does, as far as a process that is killed does not end it. */
  abandon(): void;
}

export function openTestNode({ fileSystem, time, properties = {} }: TestNodeOptions): TestNode {
  const reports: string[] = [];
  const options = {
    fileSystem,
    dataPath: '/data',
    properties: new Map(
      Object.entries({ 'node.id': '1', listeners: 'PLAINTEXT://127.0.0.1:9092', ...properties }),
    ),
    profile: 'dev',
    clusterId: null,
    durability: 'always',
    report: (message: string) => reports.push(message),
    clock: time,
    timers: time,
  } as const;
  const foundation = openFoundation(options, configure(options));
  const { node, boot } = assemble(foundation);
  const { directory } = foundation;
  const endpoints = [{ name: 'PLAINTEXT', host: 'localhost', port: 9092, securityProtocol: 0 }];
  boot.register(
    {
      nodeId: 1,
      incarnationId: foundation.newUuid(),
      endpoints,
      rack: null,
      directoryId: directory.directoryId,
    },
    { electEveryPartition: directory.kind !== 'new' && !directory.wasCleanShutdown },
  );
  return {
    node,
    reports,
    ask: async <A extends Api>(api: A, version: number, draft: RequestDraft<A>) => {
      const handler = handlers.find(candidate => candidate.api.key === api.key)!;
      const codec = codecOf(api.request, version);
      const writer = new Writer();
      codec.encode(writer, draft);
      const frame = writer.toBuffer();
      const request = codec.decode(new Reader(frame));
      const answer = handler.handle(request as never, contextOf(node, version, reports) as never);
      frame.fill(POISON);
      return (answer instanceof Deferred ? answer.promise() : answer) as Promise<ResponseOf<A>>;
    },
    abandon: () => {
      node.transactions.close();
      node.groups.close();
    },
  };
}

function contextOf(node: BrokerNode, apiVersion: number, reports: string[]) {
  return {
    node,
    apiVersion,
    clientId: 'test',
    connection: {
      listenerName: 'PLAINTEXT',
      remoteAddress: '127.0.0.1',
      localAddress: '127.0.0.1',
      localPort: 9092,
    },
    report: (message: string) => reports.push(message),
    whenSent: () => undefined,
  };
}
