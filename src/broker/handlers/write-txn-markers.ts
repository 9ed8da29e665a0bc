// WriteTxnMarkers: ends a producer's transaction in given partitions, whatever the coordinator thinks of it. Brokers ask
// each other; here only a person does who aborts a hanging transaction (kafka-transactions --abort, KIP-664). Rules:
// KafkaApis.handleWriteTxnMarkersRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { WriteTxnMarkers } from '../../protocol/messages/apis/write-txn-markers.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { allOf, type Deferred } from '../runtime/deferred.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { writeMarker } from '../transactions/write-marker.ts';
import { isQuietlyAuthorized, requireCluster } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome, type RequestContext } from './handler.ts';

type Request = RequestOf<typeof WriteTxnMarkers>;
type Response = ResponseDraft<typeof WriteTxnMarkers>;
type Marker = Request['markers'][number];
type MarkerResult = NonNullable<Response['markers']>[number];

export const writeTxnMarkers = handler(
  WriteTxnMarkers,
  {
    versions: '1-2',
    acl: { perResource: 'ALTER or CLUSTER_ACTION on CLUSTER' },
    failed: (request, errorCode) => ({
      markers: request.markers.map(marker => resultOf(marker, () => errorCode)),
    }),
  },
  (request, context): HandlerAnswer<typeof WriteTxnMarkers> => {
    if (!isQuietlyAuthorized(context, 'ALTER', 'CLUSTER', CLUSTER_NAME))
      requireCluster(context, 'CLUSTER_ACTION');
    return allOf(request.markers.map(marker => written(marker, context))).map<Outcome<Response>>(results => ({
      // A marker for no partition is not mentioned.
      markers: results.filter(({ topics }) => topics.some(({ partitions }) => partitions.length > 0)),
    }));
  },
);

function written(marker: Marker, { node }: RequestContext): Deferred<MarkerResult> {
  const input = {
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    isCommit: marker.transactionResult,
    coordinatorEpoch: marker.coordinatorEpoch,
    transactionVersion: marker.transactionVersion,
  };
  const partitions = marker.topics.flatMap(({ name, partitionIndexes }) =>
    partitionIndexes.map(partition => ({ topic: name, partition })),
  );
  const writes = partitions.map(partition => writeMarker(node.transactions.targets, partition, input));
  return allOf(writes).map(errors => {
    let next = 0;
    return resultOf(marker, () => ErrorCode[errors[next++] ?? 'NONE']);
  });
}

function resultOf({ producerId, topics }: Marker, errorOf: () => number): MarkerResult {
  return {
    producerId,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map(partitionIndex => ({ partitionIndex, errorCode: errorOf() })),
    })),
  };
}
