// Requests whose time is up when they come: Apache Kafka's controller looks at the clock before it looks at what they ask,
// and nothing is done (KafkaEventQueue). It does so only for the APIs whose handlers ask here, and only when something is
// left to be asked of it: what is wrong with the request itself is said as ever.

/** With no time, or less, given. */
export function isTimeUp({ timeoutMs }: { readonly timeoutMs: number }): boolean {
  return timeoutMs <= 0;
}
