// What the Describe requests of consumer, share and streams groups have in common: whoever may not see a group is told so for
// that group, and whoever may not see a topic of it is told nothing of the group either.

import { ErrorCode } from '../../protocol/errors.ts';
import type { Deferred } from '../runtime/deferred.ts';
import { isAuthorized, splitByAuthorized } from './authorize.ts';
import { authorizedOperations, NOT_ASKED } from './authorized-operations.ts';
import type { RequestContext } from './handler.ts';

export interface DescribeRequest {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}

interface KindAnswer {
  readonly groupId: string;
  readonly errorCode: number;
}

export interface DescribedKind<Described, Answer extends KindAnswer> {
  readonly describe: (groupIds: readonly string[]) => Deferred<Described[]>;
  readonly answerOf: (described: Described) => Answer;
  readonly withoutGroup: (groupId: string, errorCode: number, errorMessage: string | null) => Answer;
  /** Names that the answer tells. */
  readonly topicsOf: (answer: Answer) => Iterable<string>;
  /** Said with TOPIC_AUTHORIZATION_FAILED. */
  readonly unseenTopic: string;
}

export function describeKind<Described, Answer extends KindAnswer>(
  { groupIds, includeAuthorizedOperations }: DescribeRequest,
  context: RequestContext,
  kind: DescribedKind<Described, Answer>,
): Deferred<{ throttleTimeMs: number; groups: (Answer & { authorizedOperations?: number })[] }> {
  const needed = { operation: 'DESCRIBE', resource: 'GROUP' } as const;
  const { authorized, unauthorized } = splitByAuthorized(context, needed, groupIds, groupId => groupId);
  const refused = unauthorized.map(groupId =>
    kind.withoutGroup(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED, null),
  );
  return kind.describe(authorized).map(described => {
    const seen = described.map(one => {
      const answer = kind.answerOf(one);
      const { groupId, errorCode } = answer;
      if (!seesTopics(context, kind.topicsOf(answer)))
        return kind.withoutGroup(groupId, ErrorCode.TOPIC_AUTHORIZATION_FAILED, kind.unseenTopic);
      const shows = includeAuthorizedOperations && errorCode === 0;
      const operations = shows ? authorizedOperations(context, 'GROUP', groupId) : NOT_ASKED;
      return { ...answer, authorizedOperations: operations };
    });
    return { throttleTimeMs: 0, groups: [...refused, ...seen] };
  });
}

function seesTopics(context: RequestContext, topics: Iterable<string>): boolean {
  if (context.node.authorizer === undefined) return true;
  return [...new Set(topics)].every(name => isAuthorized(context, 'DESCRIBE', 'TOPIC', name));
}
