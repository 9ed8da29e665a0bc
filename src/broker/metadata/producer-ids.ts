// Hands out producer ids, each once: from a block that the metadata log has reserved durably. When a block runs out, those
// who ask wait together for the next.

import { KafkaError } from '../../protocol/errors.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { Metadata } from './metadata.ts';
import { allocateBlock, type ProducerIdBlock } from './producer-id-blocks.ts';

export class ProducerIds {
  readonly #metadata: Metadata;
  readonly #nodeId: number;
  #next = 0n;
  #end = 0n;
  #waiting: ((error: KafkaError | null) => void)[] | null = null;

  constructor(metadata: Metadata, nodeId: number) {
    this.#metadata = metadata;
    this.#nodeId = nodeId;
  }

  /** A new id, or why there is none. */
  next<Response>(
    given: (producerId: bigint) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    if (this.#next < this.#end) return Deferred.completed(given(this.#take()));
    const answer = new Deferred<Response>();
    this.#whenRefilled(error => answer.complete(error === null ? given(this.#take()) : failed(error)));
    return answer;
  }

  #take(): bigint {
    const id = this.#next;
    this.#next += 1n;
    return id;
  }

  #whenRefilled(callback: (error: KafkaError | null) => void): void {
    if (this.#waiting !== null) {
      this.#waiting.push(callback);
      return;
    }
    this.#waiting = [callback];
    this.#metadata
      .write<ProducerIdBlock | KafkaError>(
        image => {
          const broker = image.brokers.get(this.#nodeId);
          if (broker === undefined) throw new KafkaError('COORDINATOR_LOAD_IN_PROGRESS');
          return allocateBlock(image, broker);
        },
        error => error,
      )
      .whenComplete(block => this.#refilled(block));
  }

  #refilled(block: ProducerIdBlock | KafkaError): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    if (block instanceof KafkaError) {
      for (const callback of waiting) callback(block);
      return;
    }
    this.#next = block.firstProducerId;
    this.#end = block.endProducerId;
    for (const [index, callback] of waiting.entries()) {
      if (this.#next >= this.#end) {
        for (const late of waiting.slice(index)) this.#whenRefilled(late);
        return;
      }
      callback(null);
    }
  }
}
