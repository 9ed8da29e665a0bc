// UnregisterBroker: lets a broker go that is not coming back. This node itself is refused: it runs, and nobody else would
// lead its partitions. (Apache Kafka obeys, and a single node is then of no use until it starts again.) Rules: ReplicationControlManager.unregisterBroker.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { UnregisterBroker } from '../../protocol/messages/apis/unregister-broker.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { unregisterBroker as unregistration } from '../metadata/brokers.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof UnregisterBroker>;

export const unregisterBroker = handler(
  UnregisterBroker,
  {
    versions: '0-0',
    acl: { operation: 'ALTER', on: 'CLUSTER' },
    failed: (_request, errorCode, message) => answer(errorCode, message),
  },
  ({ brokerId }, { node }) =>
    node.metadata.write<Response>(
      image => {
        const broker = image.brokers.get(brokerId);
        if (broker === undefined) {
          throw new KafkaError(
            'BROKER_ID_NOT_REGISTERED',
            `Broker ID ${brokerId} is not currently registered`,
          );
        }
        if (brokerId === node.identity.nodeId) {
          throw new KafkaError(
            'INVALID_REQUEST',
            `Broker ${brokerId} is the node that runs and leads every partition. Nothing was changed; stop it instead.`,
          );
        }
        return { records: [unregistration(broker)], response: answer(ErrorCode.NONE, null) };
      },
      ({ code, message }) => answer(code, message),
    ),
);

function answer(errorCode: number, errorMessage: string | null): Response {
  return { throttleTimeMs: 0, errorCode, errorMessage };
}
