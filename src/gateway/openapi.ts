// The API's own description: OpenAPI 3.1 at /openapi.json, made from the schemas the routes are checked with, and the
// same as a page at /docs. The document is made when first asked for.

import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App, GatewayContext } from './context.ts';
import { DOCS_STYLE, docsPage, type OpenApiDocument } from './docs-page.ts';

export async function installOpenApi(app: App, context: GatewayContext): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Millrace',
        version: context.options.version,
        description: 'Kafka over HTTP. Offsets and other 64-bit numbers are strings.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'quick start', description: 'Send and read messages with one call each.' },
        { name: 'cluster', description: 'The Kafka cluster behind this server.' },
        { name: 'topics', description: 'Topics, their partitions and configs.' },
        { name: 'records', description: 'Writing, reading and following records.' },
        { name: 'health', description: 'For whoever supervises the process.' },
      ],
    },
    transform: jsonSchemaTransform,
  });
}

/** To be called behind all other routes. */
export function openApiRoutes(app: App): void {
  const document = () => app.swagger() as unknown as OpenApiDocument;
  const hidden = { schema: { hide: true } };
  app.get('/openapi.json', hidden, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document()),
  );
  app.get('/docs', hidden, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(document())),
  );
  app.get('/docs/style.css', hidden, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(DOCS_STYLE),
  );
}
