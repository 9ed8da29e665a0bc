// The words this API's schemas are written in, over zod's small core (zod/mini: the whole of zod costs 5 MB more). What is
// wrong with an input is said in plain words.

import * as z from 'zod/mini';
import { validationWords } from './validation-words.ts';

z.config({ customError: validationWords });

interface Bounds {
  readonly min: number;
  readonly max: number;
}

export function integer({ min, max }: Bounds) {
  return z.number().check(z.int(), z.minimum(min), z.maximum(max));
}

/** In a query string or a path. */
export function queryInteger({ min, max }: Bounds) {
  return z.coerce.number().check(z.int(), z.minimum(min), z.maximum(max));
}

export function text({ min, max }: Bounds) {
  return z.string().check(z.minLength(min), z.maxLength(max));
}

export function list<T extends z.ZodMiniType>(element: T, { min, max }: Bounds) {
  return z.array(element).check(z.minLength(min), z.maxLength(max));
}

/** Names and texts, at most so many. */
export function textRecord({ max }: { readonly max: number }) {
  return z
    .record(z.string(), z.string())
    .check(z.refine(record => Object.keys(record).length <= max, `must have at most ${max} names`));
}

/** With a sentence for the API's description. */
export function described<T extends z.ZodMiniType>(schema: T, description: string): T {
  return schema.check(z.describe(description)) as T;
}
