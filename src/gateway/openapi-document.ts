// Makes the OpenAPI document out of the schemas that check the routes: the routes are added to a server that never
// listens, and @fastify/swagger writes down what it sees.

import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from './context.ts';
import { docsPage, type OpenApiDocument } from './docs-page.ts';

const TAGS = [
  { name: 'quick start', description: 'Send and read messages with one call each.' },
  { name: 'cluster', description: 'The Kafka cluster behind this server.' },
  { name: 'topics', description: 'Topics, their partitions and configs.' },
  { name: 'records', description: 'Writing, reading and following records.' },
  { name: 'health', description: 'For whoever supervises the process.' },
];

export async function describeRoutes(
  app: App,
  options: { readonly version: string; readonly routes: (app: App) => void },
): Promise<{ json: string; page: string }> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Millrace',
        version: options.version,
        description: 'Kafka over HTTP. Offsets and other 64-bit numbers are strings.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: TAGS,
    },
    transform: jsonSchemaTransform,
  });
  options.routes(app);
  await app.ready();
  const document = app.swagger() as unknown as OpenApiDocument;
  markOptionalBodies(document);
  await app.close();
  return { json: JSON.stringify(document), page: docsPage(document) };
}

interface DescribedBody {
  required?: boolean;
  readonly content?: Readonly<
    Record<string, { readonly schema?: { readonly anyOf?: readonly { readonly type?: string }[] } }>
  >;
}

/** A body that may be null may be left out: the transformation calls every body required. */
function markOptionalBodies(document: unknown): void {
  const { paths } = document as { paths: Record<string, Record<string, { requestBody?: DescribedBody }>> };
  for (const { requestBody } of Object.values(paths).flatMap(path => Object.values(path))) {
    const choices = requestBody?.content?.['application/json']?.schema?.anyOf ?? [];
    if (requestBody !== undefined && choices.some(({ type }) => type === 'null'))
      requestBody.required = false;
  }
}
