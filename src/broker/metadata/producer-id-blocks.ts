// Producer ids are handed out in blocks of 1,000 (KIP-730): the log says where the next block begins, so that no id is
// ever given twice, whatever happens to the rest of a block.

import { assert } from '../../protocol/assert.ts';
import type { MetadataImage, MutableMetadataImage } from './image.ts';
import { type MetadataData, type MetadataRecord, record } from './metadata-record.ts';

/** ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE */
export const PRODUCER_ID_BLOCK_SIZE = 1_000n;

export function replayProducerIds(
  image: MutableMetadataImage,
  data: MetadataData<'ProducerIdsRecord'>,
): void {
  assert(
    data.nextProducerId > image.nextProducerId,
    `the metadata log hands out producer ids up to ${data.nextProducerId} after ${image.nextProducerId}`,
  );
  image.nextProducerId = data.nextProducerId;
}

export interface ProducerIdBlock {
  readonly firstProducerId: bigint;
  /** Exclusive. */
  readonly endProducerId: bigint;
}

export function allocateBlock(
  image: MetadataImage,
  broker: { readonly id: number; readonly epoch: bigint },
): { readonly records: readonly MetadataRecord[]; readonly response: ProducerIdBlock } {
  const firstProducerId = image.nextProducerId;
  const endProducerId = firstProducerId + PRODUCER_ID_BLOCK_SIZE;
  return {
    records: [
      record('ProducerIdsRecord', {
        brokerId: broker.id,
        brokerEpoch: broker.epoch,
        nextProducerId: endProducerId,
      }),
    ],
    response: { firstProducerId, endProducerId },
  };
}

/** What a snapshot says of the producer ids; whose block was the last, it does not. */
export function* producerIdRecords({ nextProducerId }: MetadataImage): Iterable<MetadataRecord> {
  if (nextProducerId > 0n)
    yield record('ProducerIdsRecord', { brokerId: -1, brokerEpoch: -1n, nextProducerId });
}
