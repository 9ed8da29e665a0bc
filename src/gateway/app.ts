// One HTTP server's plumbing, the same for both ports: bounds, body parsing, the local-server rules, schemas, errors.
// Routes are added by server.ts. Nothing listens here.

import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { App, GatewayContext } from './context.ts';
import { HttpError, toHttpError } from './http-error.ts';
import { isNestedDeeper } from './json-depth.ts';
import { installLocalServerRules, SECURITY_HEADERS } from './local-server-rules.ts';

export const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** A topic's name has up to 249 characters, each of which may come percent-encoded. */
const PARAMETER_LENGTH_MAX = 3 * 249;
/** No body of this API has more than five levels. */
const JSON_DEPTH_MAX = 64;
/** For a whole request to arrive; a slow upload of 10 MiB fits, a silent peer does not stay. */
const REQUEST_TIMEOUT_MS = 60_000;

export function createApp(context: GatewayContext): App {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A live tail must not hold up the end of the process.
    forceCloseConnections: true,
    // What fails before a route is found (a malformed address) looks like every other failure.
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS);
      errorHandler(context, nativeErrorBody)(error, request, reply);
    },
    // Ours alone: ajv and fast-json-stringify, the defaults, are not even loaded. Answers are typed by their schemas at
    // build time and checked against them in the tests, not once more per request.
    schemaController: {
      compilersFactory: {
        buildValidator: () => validatorCompiler as never,
        buildSerializer: () => () => data => JSON.stringify(data),
      },
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX, ignoreTrailingSlash: true },
  }).withTypeProvider<ZodTypeProvider>();
  installBodyParsers(app);
  installLocalServerRules(app, context.options);
  app.setErrorHandler(errorHandler(context, nativeErrorBody));
  return app;
}

function tooDeep(): HttpError {
  const message = `The body is nested more than ${JSON_DEPTH_MAX} levels deep.`;
  return new HttpError({ status: 400, code: 'INVALID_REQUEST', message });
}

export function notFound(request: FastifyRequest, reply: FastifyReply) {
  const message = `There is no ${request.method} ${pathOf(request)} here.`;
  const error = new HttpError({
    status: 404,
    code: 'NOT_FOUND',
    message,
    hint: 'GET /docs lists what there is.',
  });
  return reply.status(404).send(nativeErrorBody(error));
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0]!;
}

/** JSON, with or without a body. Any other type is taken only when nothing is in it: `curl -X POST` sends a form type. */
function installBodyParsers(app: App): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Editors end a file with a new line.
    if ((body as string).trim() === '') done(null, undefined);
    else if (isNestedDeeper(body as string, JSON_DEPTH_MAX)) done(tooDeep());
    else parseJson(request, body as string, done);
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else done(Object.assign(new Error('not JSON'), { statusCode: 415 }) as FastifyError);
  });
}

export function nativeErrorBody(error: HttpError) {
  const { code, message, hint } = error;
  return { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
}

export function errorHandler(context: GatewayContext, bodyOf: (error: HttpError) => object) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = toHttpError(thrown);
    // A client that went away takes its request with it: that is no failure.
    if (error.status === 500 && !reply.raw.destroyed)
      context.log('error', `${request.method} ${pathOf(request)}: ${stackOf(thrown)}`);
    return reply.status(error.status).type('application/json; charset=utf-8').send(bodyOf(error));
  };
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
