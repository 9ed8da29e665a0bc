// The quick-start routes: an index, one call that sends messages, one that reads them. Their answers, Portuguese texts
// included, are a contract that programs rely on; failures answer {"status":"Error","message":…}.

import { errorHandler } from '../../app.ts';
import type { App, GatewayContext } from '../../context.ts';
import { consumeRoute } from './consume.ts';
import { indexRoute } from './index-page.ts';
import { produceRoute } from './produce.ts';

export function seedRoutes(app: App, context: GatewayContext): void {
  app.setErrorHandler(errorHandler(context, error => ({ status: 'Error', message: error.message })));
  indexRoute(app, context);
  produceRoute(app, context);
  consumeRoute(app, context);
}
