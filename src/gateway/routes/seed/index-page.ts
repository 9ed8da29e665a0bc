// GET /: what this port offers, as JSON, or as a page for a browser.

import * as z from 'zod/mini';
import type { App, GatewayContext } from '../../context.ts';
import { html, page } from '../../html.ts';

const ENDPOINTS = [
  {
    method: 'POST',
    path: '/produce',
    description: 'Sends five messages to the topic primeiro_topico; options: topic, count, messages.',
  },
  {
    method: 'GET',
    path: '/consume',
    description: 'Reads every message of the topic; options: topic, limit, from.',
  },
  {
    method: 'GET',
    path: '/api/v1/topics',
    description: 'Lists the topics. The whole API is described at /docs.',
  },
  { method: 'GET', path: '/api/v1/cluster', description: 'Which Kafka cluster this is.' },
  { method: 'GET', path: '/healthz', description: 'Whether the process lives.' },
  { method: 'GET', path: '/readyz', description: 'Whether Kafka answers.' },
  { method: 'GET', path: '/openapi.json', description: 'This API for programs (OpenAPI 3.1).' },
  { method: 'GET', path: '/docs', description: 'This API for people.' },
];

const Index = z.object({
  name: z.literal('Millrace'),
  version: z.string(),
  endpoints: z.array(z.object({ method: z.string(), path: z.string(), description: z.string() })),
  docs: z.string(),
});

export function indexRoute(app: App, { options }: GatewayContext): void {
  app.get(
    '/',
    { schema: { tags: ['quick start'], summary: 'What there is', response: { 200: Index } } },
    async (request, reply) => {
      reply.header('vary', 'accept');
      if (prefersHtml(request.headers.accept ?? '')) {
        return reply.type('text/html; charset=utf-8').send(indexPage(options.version) as never);
      }
      return { name: 'Millrace' as const, version: options.version, endpoints: ENDPOINTS, docs: '/docs' };
    },
  );
}

/** Browsers name text/html; curl and programs say anything, or JSON. */
function prefersHtml(accept: string): boolean {
  const position = (type: string) => accept.indexOf(type);
  const json = position('application/json');
  return position('text/html') >= 0 && (json < 0 || position('text/html') < json);
}

function indexPage(version: string): string {
  const rows = ENDPOINTS.map(({ method, path, description }) => {
    const address =
      method === 'GET' ? html`<a href="${path}"><code>${path}</code></a>` : html`<code>${path}</code>`;
    return html`<li><b class="${method.toLowerCase()}">${method}</b> ${address} ${description}</li>`;
  });
  const body = html`<header><h1>Millrace <small>${version}</small></h1><p>Kafka over HTTP.</p></header><main><ul>${rows}</ul></main>`;
  return page({ title: 'Millrace: HTTP API', body });
}
