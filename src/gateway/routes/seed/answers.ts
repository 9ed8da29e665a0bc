// What the quick-start routes share.

import * as z from 'zod/mini';

export const DEFAULT_TOPIC = 'primeiro_topico';

export const Failure = z.object({ status: z.literal('Error'), message: z.string() });
export const failures = { '4xx': Failure, '5xx': Failure };
