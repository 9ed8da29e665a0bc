// The quick-start routes: an index, one call that sends messages, one that reads them. Their answers, Portuguese texts
// included, are a contract that programs rely on; failures answer {"status":"Error","message":…}.

import { errorHandler } from '../../app.ts';
import type { App, GatewayContext } from '../../context.ts';
import { HttpError } from '../../http-error.ts';
import { consumeRoute } from './consume.ts';
import { indexRoute } from './index-page.ts';
import { produceRoute } from './produce.ts';

/** Path to the one method it takes. */
const METHODS = { '/produce': 'POST', '/consume': 'GET' } as const;

export function seedRoutes(app: App, context: GatewayContext): void {
  app.setErrorHandler(errorHandler(context, error => ({ status: 'Error', message: error.message })));
  indexRoute(app, context);
  produceRoute(app, context);
  consumeRoute(app, context);
  for (const [url, allowed] of Object.entries(METHODS)) refuseOtherMethods(app, { url, allowed });
}

function refuseOtherMethods(app: App, { url, allowed }: { url: string; allowed: string }): void {
  const method = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(name => name !== allowed);
  app.route({
    url,
    method,
    exposeHeadRoute: false,
    schema: { hide: true },
    handler: (request, reply) => {
      reply.header('allow', allowed);
      throw new HttpError({
        status: 405,
        code: 'METHOD_NOT_ALLOWED',
        message: `${url} does not take ${request.method}: send ${allowed}.`,
      });
    },
  });
}
