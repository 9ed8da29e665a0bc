// Every failure as HTTP: a status, Kafka's name for it, a sentence, and a way out where there is one. The only place
// where an error becomes a status.

import { AuthenticationError, BrokerUnreachableError } from '../client/errors.ts';
import { type ErrorName, errorOf, KafkaError } from '../protocol/errors.ts';

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(options: {
    status: number;
    code: string;
    message: string;
    hint?: string | undefined;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.status = options.status;
    this.code = options.code;
    this.hint = options.hint;
  }
}

interface Answer {
  readonly status: number;
  readonly hint?: string;
}

const KAFKA_ANSWERS: Partial<Record<ErrorName, Answer>> = {
  UNKNOWN_TOPIC_OR_PARTITION: { status: 404, hint: 'GET /api/v1/topics lists the topics there are.' },
  UNKNOWN_TOPIC_ID: { status: 404, hint: 'The topic was deleted, or made anew, a moment ago.' },
  TOPIC_ALREADY_EXISTS: { status: 409 },
  INVALID_TOPIC_EXCEPTION: {
    status: 400,
    hint: 'A topic name has 1 to 249 characters out of letters, digits, ".", "_" and "-".',
  },
  INVALID_PARTITIONS: { status: 400, hint: 'Partitions can be added, never taken away.' },
  INVALID_REPLICATION_FACTOR: {
    status: 400,
    hint: 'One node keeps one copy: use a replication factor of 1.',
  },
  INVALID_REPLICA_ASSIGNMENT: { status: 400 },
  INVALID_CONFIG: { status: 400, hint: 'GET /api/v1/topics/{topic}/configs lists the keys and their types.' },
  INVALID_REQUEST: { status: 400 },
  INVALID_TIMESTAMP: { status: 400 },
  INVALID_RECORD: { status: 400 },
  POLICY_VIOLATION: { status: 400 },
  OFFSET_OUT_OF_RANGE: { status: 400, hint: 'The records there are gone, or not written yet.' },
  MESSAGE_TOO_LARGE: { status: 413, hint: 'The topic\'s "max.message.bytes" bounds a batch of records.' },
  RECORD_LIST_TOO_LARGE: { status: 413 },
  UNSUPPORTED_VERSION: {
    status: 501,
    hint: 'The cluster runs an older or a newer Kafka than this call needs.',
  },
  TOPIC_AUTHORIZATION_FAILED: { status: 403 },
  CLUSTER_AUTHORIZATION_FAILED: { status: 403 },
  TOPIC_DELETION_DISABLED: { status: 409, hint: 'The broker runs with "delete.topic.enable=false".' },
  REQUEST_TIMED_OUT: { status: 504 },
  KAFKA_STORAGE_ERROR: {
    status: 503,
    hint: 'The disk refused to write: see the log. What was acknowledged is kept.',
  },
  CORRUPT_MESSAGE: {
    status: 500,
    hint: 'The bytes on disk differ from what was written. Other partitions can still be read.',
  },
};

const UNREACHABLE_HINT =
  'Nothing was lost. Check the address (KAFKA_BOOTSTRAP_SERVERS for an external cluster) and that the broker runs.';
const UNKNOWN_OUTCOME_HINT = 'It may or may not have been carried out. Look before you send it again.';

export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof KafkaError) return fromKafka(error);
  if (error instanceof BrokerUnreachableError) return fromSilence(error);
  if (error instanceof AuthenticationError) {
    const hint = 'Check the SASL mechanism, user name and password the cluster was configured with.';
    return new HttpError({
      status: 503,
      code: 'SASL_AUTHENTICATION_FAILED',
      message: error.message,
      hint,
      cause: error,
    });
  }
  return fromFramework(error);
}

function fromKafka(error: KafkaError): HttpError {
  const answer = KAFKA_ANSWERS[error.errorName] ?? { status: errorOf(error.code).retriable ? 503 : 500 };
  const { status, hint } = answer;
  return new HttpError({ status, code: error.errorName, message: error.message, hint, cause: error });
}

function fromSilence(error: BrokerUnreachableError): HttpError {
  const unknown = error.outcome === 'unknown';
  return new HttpError({
    status: unknown ? 504 : 503,
    code: unknown ? 'BROKER_TIMED_OUT' : 'BROKER_UNREACHABLE',
    message: `Kafka cannot be reached: ${error.message}.`,
    hint: unknown ? UNKNOWN_OUTCOME_HINT : UNREACHABLE_HINT,
    cause: error,
  });
}

interface FrameworkError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
  readonly validationContext?: string;
  readonly validation?: readonly { readonly instancePath?: string; readonly message?: string }[];
}

/** Errors of the HTTP framework: bodies that are too large, no JSON, or not what the route takes. */
function fromFramework(error: unknown): HttpError {
  const { statusCode, code, message, validation, validationContext } = (error ?? {}) as FrameworkError;
  if (validation !== undefined) {
    const text = validation.map(issue => sentenceOf(issue, validationContext ?? 'request')).join(' ');
    return new HttpError({
      status: 400,
      code: 'INVALID_REQUEST',
      message: text,
      hint: 'GET /docs says what this call takes.',
      cause: error,
    });
  }
  if (statusCode === 413) {
    return new HttpError({
      status: 413,
      code: 'BODY_TOO_LARGE',
      message: 'The body is larger than 10 MiB.',
      hint: 'Send it in several calls.',
      cause: error,
    });
  }
  if (statusCode === 415) {
    const text = 'The body is not JSON: send it with "Content-Type: application/json".';
    return new HttpError({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: text, cause: error });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new HttpError({
      status: statusCode,
      code: code ?? 'INVALID_REQUEST',
      message: message ?? 'The request is not valid.',
      cause: error,
    });
  }
  const text =
    'Millrace failed to answer this request; the log says why. No record was changed by the failure itself.';
  return new HttpError({ status: 500, code: 'INTERNAL_ERROR', message: text, cause: error });
}

function sentenceOf(
  issue: { readonly instancePath?: string; readonly message?: string },
  context: string,
): string {
  const path = (issue.instancePath ?? '')
    .split('/')
    .filter(part => part !== '')
    .join('.');
  const whole = context === 'querystring' ? 'The query' : `The ${context}`;
  return `${path === '' ? whole : `"${path}"`} ${issue.message ?? 'is not valid'}.`;
}
