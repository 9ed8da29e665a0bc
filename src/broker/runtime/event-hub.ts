// Hands events to those who listen. With nobody listening `active` is false and the broker does not even build them.
// A listener that throws is dropped: observation must never break what is observed.

import type { BrokerEvent, EventSink } from '../../events.ts';

export type EventListener = (event: BrokerEvent) => void;

export class EventHub implements EventSink {
  readonly #listeners = new Set<EventListener>();

  get active(): boolean {
    return this.#listeners.size > 0;
  }

  emit(event: BrokerEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        this.#listeners.delete(listener);
      }
    }
  }

  /** Returns the way to stop listening. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
