// The API's own description: OpenAPI 3.1 at /openapi.json and the same as a page at /docs. It is made when first asked
// for, by code that is loaded then: most processes are never asked.

import { createApp } from './app.ts';
import type { App, GatewayContext } from './context.ts';
import { DOCS_STYLE } from './docs-style.ts';

/** `routes` adds all routes that are to be described. */
export function openApiRoutes(app: App, context: GatewayContext, routes: (app: App) => void): void {
  let described: Promise<{ json: string; page: string }> | null = null;
  const describe = () => {
    described ??= import('./openapi-document.ts').then(async ({ describeRoutes }) =>
      describeRoutes(createApp(context), { version: context.options.version, routes }),
    );
    return described;
  };
  app.get('/openapi.json', async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send((await describe()).json),
  );
  app.get('/docs', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send((await describe()).page),
  );
  app.get('/docs/style.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(DOCS_STYLE),
  );
}
