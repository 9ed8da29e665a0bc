// The gateway's two HTTP servers: the console's port (console, API) and the API's port (quick-start routes, API), over
// the same plugins. They reach Kafka through the client alone, embedded or not.

import { KafkaClient } from '../client/kafka-client.ts';
import { createApp, notFound } from './app.ts';
import { consoleFiles } from './console-files.ts';
import type { App, GatewayContext, Log } from './context.ts';
import { healthRoutes } from './health.ts';
import { listen } from './listen.ts';
import { openApiRoutes } from './openapi.ts';
import type { GatewayOptions } from './options.ts';
import { nativeRoutes } from './routes/native/index.ts';
import { seedRoutes } from './routes/seed/index.ts';

export interface Gateway {
  /** http://…, or null when the port is off. */
  readonly console: string | null;
  readonly api: string | null;
  close(): Promise<void>;
}

export async function startGateway(options: GatewayOptions, log: Log): Promise<Gateway> {
  const client = new KafkaClient({
    bootstrapServers: options.bootstrapServers,
    clientId: 'millrace-gateway',
    ...options.connection,
  });
  const context: GatewayContext = { options, client, startedAt: new Date(), log };
  const started: App[] = [];
  const close = async () => {
    await Promise.all(started.map(app => app.close()));
    client.close();
  };
  const start = async (port: number | null, build: (context: GatewayContext) => App) => {
    if (port === null) return null;
    const { app, port: bound } = await listen(() => build(context), { host: options.host, port });
    started.push(app);
    return `http://${nameFor(options.host)}:${bound}`;
  };
  try {
    const console = await start(options.consolePort, consoleApp);
    const api = await start(options.apiPort, apiApp);
    // The first call of a person then finds the line open. Whether Kafka is there is for that call to say.
    client.cluster().catch(() => {});
    return { console, api, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export function consoleApp(context: GatewayContext): App {
  const app = createApp(context);
  const routes = (target: App) => {
    healthRoutes(target, context);
    nativeRoutes(target, context);
  };
  routes(app);
  openApiRoutes(app, context, routes);
  consoleFiles(app, context);
  return app;
}

export function apiApp(context: GatewayContext): App {
  const app = createApp(context);
  const routes = (target: App) => {
    target.register(async scope => seedRoutes(scope as App, context));
    healthRoutes(target, context);
    nativeRoutes(target, context);
  };
  routes(app);
  openApiRoutes(app, context, routes);
  app.setNotFoundHandler(notFound);
  return app;
}

/** What a person on this machine types. */
function nameFor(host: string): string {
  if (['localhost', '127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
