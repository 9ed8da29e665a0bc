// The one place that speaks HTTP. Every failure becomes an ApiError that carries the server's own sentence and hint;
// a server that does not answer at all gets a code of our own, so that the screen can say so in the reader's language.

/** The server, or the way to it, is gone: no HTTP answer was received. */
export const NO_ANSWER = 'NO_ANSWER';

export class ApiError extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly status: number;

  constructor(options: { code: string; message: string; hint: string | null; status: number }) {
    super(options.message);
    this.name = 'ApiError';
    this.code = options.code;
    this.hint = options.hint;
    this.status = options.status;
  }
}

/** Where the console is served: everything before its assets directory. */
export const basePath: string = import.meta.env?.PROD
  ? new URL(/* @vite-ignore */ '../', import.meta.url).pathname
  : '/';

export interface RequestOptions {
  readonly body?: unknown;
  readonly search?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export function apiUrl(path: string, search: RequestOptions['search'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== null && value !== undefined) parameters.set(name, String(value));
  }
  const query = parameters.toString();
  return `${basePath}api/v1${path}${query === '' ? '' : `?${query}`}`;
}

/** Sends the request and answers with the successful response, whose body is still unread. */
export async function send(method: Method, path: string, options: RequestOptions = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.search), {
      method,
      signal: options.signal ?? null,
      ...(options.body === undefined
        ? {}
        : { body: JSON.stringify(options.body), headers: { 'content-type': 'application/json' } }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ code: NO_ANSWER, message: String(error), hint: null, status: 0 });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

export async function requestJson<Answer>(
  method: Method,
  path: string,
  options?: RequestOptions,
): Promise<Answer> {
  const response = await send(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  return parseError({ status: response.status, statusText: response.statusText, text });
}

export function parseError(answer: { status: number; statusText: string; text: string }): ApiError {
  try {
    const { error } = JSON.parse(answer.text) as {
      error?: { code?: string; message?: string; hint?: string };
    };
    if (typeof error?.message === 'string') {
      return new ApiError({
        code: error.code ?? `HTTP_${answer.status}`,
        message: error.message,
        hint: error.hint ?? null,
        status: answer.status,
      });
    }
  } catch {
    // Not our JSON: a proxy in between answered. Its status line is all there is to say.
  }
  return new ApiError({
    code: `HTTP_${answer.status}`,
    message: `${answer.status} ${answer.statusText}`.trim(),
    hint: null,
    status: answer.status,
  });
}
