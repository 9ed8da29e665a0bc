// All routes of the native API.

import type { App, GatewayContext } from '../../context.ts';
import { browseRoutes } from './browse.ts';
import { clusterRoutes } from './cluster.ts';
import { configRoutes } from './configs.ts';
import { produceRoutes } from './produce.ts';
import { summaryRoutes } from './summaries.ts';
import { tailRoutes } from './tail.ts';
import { topicRoutes } from './topics.ts';

export function nativeRoutes(app: App, context: GatewayContext): void {
  clusterRoutes(app, context);
  topicRoutes(app, context);
  summaryRoutes(app, context);
  configRoutes(app, context);
  produceRoutes(app, context);
  browseRoutes(app, context);
  tailRoutes(app, context);
}
