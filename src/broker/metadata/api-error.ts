// The outcome of one part of an administrative request: a code and Apache Kafka's sentence for it, or success.

import { ErrorCode, type ErrorName, errorOf, type KafkaError } from '../../protocol/errors.ts';

export interface ApiError {
  readonly code: number;
  readonly message: string | null;
}

export const NO_ERROR: ApiError = { code: ErrorCode.NONE, message: null };

/** Without a message: the error's own text, as Apache Kafka's `new ApiError(error)` has it. */
export function apiError(name: ErrorName, message?: string): ApiError {
  const code = ErrorCode[name];
  return { code, message: message ?? errorOf(code).text };
}

export function apiErrorOf(error: KafkaError): ApiError {
  return { code: error.code, message: error.message };
}
