// FindCoordinator: on one node the coordinator is always this one. Its topic is there, durably, before the answer leaves,
// so that the first attempt of every client succeeds. Rules: KafkaApis.handleFindCoordinatorRequest.

import { ErrorCode, errorOf } from '../../protocol/errors.ts';
import { FindCoordinator } from '../../protocol/messages/apis/find-coordinator.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import {
  GROUP_METADATA_TOPIC,
  type InternalTopicName,
  SHARE_GROUP_STATE_TOPIC,
  TRANSACTION_STATE_TOPIC,
} from '../metadata/topic-names.ts';
import { isCoordinatorKey } from '../share/share-state.ts';
import { isAuthorized, requireCluster } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';

type Request = RequestOf<typeof FindCoordinator>;
type Response = ResponseDraft<typeof FindCoordinator>;

const KeyType = { GROUP: 0, TRANSACTION: 1, SHARE: 2 } as const;
/** What holds the state of the kinds that are served. */
const TOPICS: ReadonlyMap<number, InternalTopicName> = new Map([
  [KeyType.GROUP, GROUP_METADATA_TOPIC],
  [KeyType.TRANSACTION, TRANSACTION_STATE_TOPIC],
  [KeyType.SHARE, SHARE_GROUP_STATE_TOPIC],
]);
/** What a key stands for. */
const RESOURCES: ReadonlyMap<number, 'GROUP' | 'TRANSACTIONAL_ID'> = new Map([
  [KeyType.GROUP, 'GROUP'],
  [KeyType.TRANSACTION, 'TRANSACTIONAL_ID'],
]);
const BATCHED_SINCE = 4;
/** Only brokers look for coordinators of share partitions. */
const SHARE_SINCE = 6;
const NOBODY = { nodeId: -1, host: '', port: -1 };
/** Up to version 3 Apache Kafka names the error "NONE" where there is none. */
const NO_ERROR_MESSAGE_BEFORE_BATCHES = 'NONE';

/** Who coordinates the keys, or why nobody does. */
interface Finding {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export const findCoordinator = handler(
  FindCoordinator,
  {
    versions: '0-6',
    acl: {
      perResource: 'DESCRIBE on GROUP or TRANSACTIONAL_ID, CLUSTER_ACTION on CLUSTER for share partitions',
    },
    // The table cannot tell the version; the encoder writes the half that the version has.
    failed: (request, errorCode, message) => both(request, refused(errorCode, message)),
  },
  (request, context) => {
    const forbidden = forbiddenKeys(request, context);
    if (forbidden.size > 0 && context.apiVersion < BATCHED_SINCE) {
      return both(request, refused(refusalOf(request.keyType), null));
    }
    const topic = TOPICS.get(request.keyType);
    if (topic === undefined) {
      const text = errorOf(ErrorCode.INVALID_REQUEST).text;
      return answer(request, context, refused(ErrorCode.INVALID_REQUEST, text));
    }
    if (topic === SHARE_GROUP_STATE_TOPIC && context.apiVersion < SHARE_SINCE) {
      return answer(request, context, refused(ErrorCode.INVALID_REQUEST, null));
    }
    if (forbidden.size > 0 && request.coordinatorKeys.every(key => forbidden.has(key))) {
      return answer(request, context, thisNode(context), forbidden);
    }
    return context.node.metadata
      .ensureInternalTopic(topic)
      .map(errorCode =>
        answer(
          request,
          context,
          errorCode === 0 ? thisNode(context) : refused(ErrorCode.COORDINATOR_NOT_AVAILABLE, null),
          forbidden,
        ),
      );
  },
);

/** Those that the peer may not ask for, or that are no keys. Throws CLUSTER_AUTHORIZATION_FAILED. */
function forbiddenKeys(request: Request, context: RequestContext): ReadonlySet<string> {
  if (request.keyType === KeyType.SHARE) {
    if (context.apiVersion < SHARE_SINCE) return new Set();
    requireCluster(context, 'CLUSTER_ACTION');
    return new Set(request.coordinatorKeys.filter(key => !isCoordinatorKey(key)));
  }
  if (context.node.authorizer === undefined) return new Set();
  const resource = RESOURCES.get(request.keyType);
  if (resource === undefined) return new Set();
  const keys = context.apiVersion >= BATCHED_SINCE ? request.coordinatorKeys : [request.key];
  return new Set(keys.filter(key => !isAuthorized(context, 'DESCRIBE', resource, key)));
}

function refusalOf(keyType: number): number {
  switch (keyType) {
    case KeyType.GROUP:
      return ErrorCode.GROUP_AUTHORIZATION_FAILED;
    case KeyType.TRANSACTION:
      return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    default:
      return ErrorCode.INVALID_REQUEST;
  }
}

function answer(
  request: Request,
  context: RequestContext,
  finding: Finding,
  forbidden: ReadonlySet<string> = new Set(),
): Response {
  if (context.apiVersion >= BATCHED_SINCE) {
    const refusal = refused(refusalOf(request.keyType), null);
    return batched(request.coordinatorKeys, key => (forbidden.has(key) ? refusal : finding));
  }
  const nameOfNone = finding.errorCode === 0 ? NO_ERROR_MESSAGE_BEFORE_BATCHES : null;
  const errorMessage = finding.errorMessage ?? nameOfNone ?? errorOf(finding.errorCode).text;
  return { ...finding, errorMessage, coordinators: [] };
}

function batched(keys: readonly string[], findingOf: (key: string) => Finding): Response {
  return {
    coordinators: keys.map(key => {
      const finding = findingOf(key);
      return { ...finding, key, errorMessage: finding.errorMessage ?? '' };
    }),
  };
}

function both(request: Request, finding: Finding): Response {
  const { coordinatorKeys } = request;
  return coordinatorKeys.length > 0
    ? batched(coordinatorKeys, () => finding)
    : { ...finding, coordinators: [] };
}

function thisNode({ node, connection }: RequestContext): Finding {
  return {
    errorCode: 0,
    errorMessage: null,
    nodeId: node.identity.nodeId,
    ...node.advertisedEndpoint(connection),
  };
}

function refused(errorCode: number, errorMessage: string | null): Finding {
  return { ...NOBODY, errorCode, errorMessage };
}
