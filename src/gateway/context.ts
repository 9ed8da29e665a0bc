// What every route may use: the options, one Kafka client, the time of the start, a line of log. Routes have no state of
// their own.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { KafkaClient } from '../client/kafka-client.ts';
import type { GatewayOptions } from './options.ts';

export type LogLevel = 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string) => void;

export interface GatewayContext {
  readonly options: GatewayOptions;
  readonly client: KafkaClient;
  readonly startedAt: Date;
  readonly log: Log;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
