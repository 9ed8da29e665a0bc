// DescribeCluster: this node, which is broker and controller in one. Rules: AuthHelper.computeDescribeClusterResponse.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeCluster } from '../../protocol/messages/apis/describe-cluster.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { authorizedClusterOperations, NOT_ASKED } from './authorized-operations.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof DescribeCluster>;

const EndpointType = { BROKER: 1, CONTROLLER: 2 } as const;
const ENDPOINT_TYPES_SINCE = 1;

export const describeCluster = handler(
  DescribeCluster,
  {
    versions: '0-2',
    acl: { perResource: 'none, but DESCRIBE on CLUSTER for the authorized operations' },
    failed: (_request, errorCode, message) => refused(errorCode, message),
  },
  (request, context): Response => {
    const { node, connection, apiVersion } = context;
    const { endpointType } = request;
    if (endpointType !== EndpointType.BROKER) {
      const isKnown = endpointType === EndpointType.CONTROLLER;
      const code = isKnown ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
      return refused(
        apiVersion < ENDPOINT_TYPES_SINCE ? ErrorCode.INVALID_REQUEST : code,
        isKnown
          ? 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER'
          : `Unsupported endpoint type ${endpointType}`,
      );
    }
    const { nodeId, clusterId } = node.identity;
    const rack = node.settings.get('broker.rack');
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      errorMessage: null,
      endpointType,
      clusterId,
      controllerId: nodeId,
      brokers: [{ brokerId: nodeId, ...node.advertisedEndpoint(connection), rack, isFenced: false }],
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? authorizedClusterOperations(context)
        : NOT_ASKED,
    };
  },
);

function refused(errorCode: number, errorMessage: string | null): Response {
  return { throttleTimeMs: 0, errorCode, errorMessage, clusterId: '', brokers: [] };
}
