// ShareAcknowledge (KIP-932, KIP-1222): what became of records that a member of a share group acquired, without fetching
// more. Answered when it is written. Rules: KafkaApis.handleShareAcknowledgeRequest.

import { ShareAcknowledge } from '../../protocol/messages/apis/share-acknowledge.ts';
import { FINAL_EPOCH } from '../fetch/fetch-session.ts';
import { acknowledgeAll } from '../share-fetch/share-acknowledgements.ts';
import { handler } from './handler.ts';
import {
  acknowledgementsOf,
  byTopic,
  leaderEndpoints,
  leaderOf,
  refusals,
  requireMember,
} from './share-group-requests.ts';

const RENEW_SINCE = 2;

export const shareAcknowledge = handler(
  ShareAcknowledge,
  {
    versions: '1-2',
    acl: { perResource: 'READ on GROUP, READ on TOPIC' },
    failed: (_request, errorCode) => ({
      throttleTimeMs: 0,
      errorCode,
      acquisitionLockTimeoutMs: 0,
      responses: [],
      nodeEndpoints: [],
    }),
  },
  (request, context) => {
    const member = requireMember(request, context);
    const { sharePartitions } = context.node;
    sharePartitions.sessions.acknowledge(member, request.shareSessionEpoch);
    return acknowledgeAll(sharePartitions, {
      ...member,
      acknowledgements: acknowledgementsOf(request.topics),
      knowsRenew: context.apiVersion >= RENEW_SINCE,
      isRenewal: request.isRenewAck,
      refusalOf: refusals(context),
    }).map(outcomes => {
      if (request.shareSessionEpoch === FINAL_EPOCH) sharePartitions.closeSession(member);
      return {
        throttleTimeMs: 0,
        errorCode: 0,
        acquisitionLockTimeoutMs: sharePartitions.settings(member.groupId).recordLockDurationMs,
        responses: byTopic(outcomes, outcome => ({
          partitionIndex: outcome.partition,
          errorCode: outcome.errorCode,
          errorMessage: outcome.errorMessage,
          currentLeader: leaderOf(context, outcome, outcome.errorCode),
        })),
        nodeEndpoints: leaderEndpoints(
          context,
          outcomes.map(({ errorCode }) => errorCode),
        ),
      };
    });
  },
);
