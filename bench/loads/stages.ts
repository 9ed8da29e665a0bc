// Which loads share a server, and in which order. Every way to produce, with the consumer of what it produced, meets servers
// just started, as a developer does; all the rest shares one server, on which 3 GB go before the rows that say `warm`.

import { clientLoads } from './clients.ts';
import { consumeLoads, warmConsumeLoads } from './consume.ts';
import { gatewayLoads } from './gateway.ts';
import type { Load } from './load.ts';
import { memoryLoads } from './memory.ts';
import { produceLoads, warmProduceLoads } from './produce.ts';
import { topicLoads } from './topics.ts';
import { warmingLoads } from './warming.ts';

const producedAndRead = produceLoads.map(produce => {
  const name = produce.name.replace('produce-', 'consume-');
  return [produce, ...consumeLoads.filter(consume => consume.name === name)];
});
const together = [
  ...clientLoads,
  ...topicLoads,
  ...warmingLoads,
  ...warmProduceLoads,
  ...warmConsumeLoads,
  ...memoryLoads,
  ...gatewayLoads,
];

/** A stage is on servers of its own; a quick run has no time for that. */
export function stages(isQuick: boolean): readonly (readonly Load[])[] {
  return isQuick ? [[...producedAndRead.flat(), ...together]] : [...producedAndRead, together];
}
