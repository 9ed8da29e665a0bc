// CreatePartitions: more partitions for a topic, live when this answers. Rules: ControllerApis.createPartitions; the
// decision is in metadata/create-partitions.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { CreatePartitions } from '../../protocol/messages/apis/create-partitions.ts';
import { apiErrorOf } from '../metadata/api-error.ts';
import type { CreatedPartitions } from '../metadata/create-partitions.ts';
import { countsOf, isAuthorized } from './authorize.ts';
import { handler } from './handler.ts';
import { isTimeUp } from './time-is-up.ts';

/** Below it clients do not know THROTTLING_QUOTA_EXCEEDED. */
const QUOTA_IS_STRICT_SINCE = 3;
const FORBIDDEN = { code: ErrorCode.TOPIC_AUTHORIZATION_FAILED, message: null };

export const createPartitions = handler(
  CreatePartitions,
  {
    versions: '0-3',
    acl: { perResource: 'ALTER on TOPIC' },
    failed: (request, code, message) =>
      answer(request.topics.map(({ name }) => ({ name, error: { code, message } }))),
  },
  (request, context) => {
    const counts = countsOf(request.topics);
    const isForbidden = (name: string) =>
      counts.get(name) === 1 && !isAuthorized(context, 'ALTER', 'TOPIC', name);
    const forbidden = new Set([...counts.keys()].filter(isForbidden));
    const topics = request.topics.filter(({ name }) => !forbidden.has(name));
    if (isTimeUp(request) && topics.some(({ name }) => counts.get(name) === 1)) {
      const error = { code: ErrorCode.REQUEST_TIMED_OUT, message: null };
      return answer(request.topics.map(({ name }) => ({ name, error })));
    }
    const refused = Array.from(forbidden, name => ({ name, error: FORBIDDEN }));
    const takeMutations = context.throttle?.mutations(context.apiVersion >= QUOTA_IS_STRICT_SINCE)?.take;
    return context.node.metadata
      .createPartitions({ ...request, topics, takeMutations }, error =>
        topics.map(({ name }) => ({ name, error: apiErrorOf(error) })),
      )
      .map(results => answer([...refused, ...results]));
  },
);

function answer(results: readonly CreatedPartitions[]) {
  return {
    throttleTimeMs: 0,
    results: results.map(({ name, error }) => ({ name, errorCode: error.code, errorMessage: error.message })),
  };
}
