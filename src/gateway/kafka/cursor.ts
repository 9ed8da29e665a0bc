// A place in a topic as opaque text: base64url of JSON. It comes back from outside, so it is checked like any input.

import * as z from 'zod/mini';
import { HttpError } from '../http-error.ts';
import { integer } from '../shapes.ts';
import type { Direction } from './lane.ts';

const CURSOR_LENGTH_MAX = 64 * 1024;

const Offset = integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const Cursor = z.object({
  direction: z.enum(['newest', 'oldest']),
  /** Partition, offset. */
  positions: z.array(z.tuple([Offset, Offset])),
});

export function encodeCursor(options: {
  readonly direction: Direction;
  readonly positions: ReadonlyMap<number, number>;
}): string {
  const cursor: z.infer<typeof Cursor> = { direction: options.direction, positions: [...options.positions] };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

export function decodeCursor(text: string, direction: Direction): Map<number, number> {
  const invalid = (message: string) => new HttpError({ status: 400, code: 'INVALID_REQUEST', message });
  if (text.length > CURSOR_LENGTH_MAX) throw invalid('The cursor is too long.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw invalid('The cursor is not one that this server gave out.');
  }
  const cursor = Cursor.safeParse(parsed);
  if (!cursor.success) throw invalid('The cursor is not one that this server gave out.');
  if (cursor.data.direction !== direction)
    throw invalid(`The cursor belongs to direction=${cursor.data.direction}.`);
  return new Map(cursor.data.positions);
}
