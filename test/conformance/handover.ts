// npm run test:conformance: one data directory goes from Millrace to Apache Kafka and back, stopped cleanly and killed,
// and every broker must find everything the one before it held: topics, configs, records byte for byte, offsets, groups,
// transactions, producers. HANDOVER_SEEDS=1,2,3 runs other seeds; HANDOVER_KEEP=1 leaves the directories for a look.

import { testRelays } from './handover/relays.ts';

testRelays({
  'Millrace, stopped; Apache Kafka 4.3.1, stopped; Millrace, killed; Apache Kafka': async relay => {
    await relay.millrace({ found: 'new', ends: 'stop' });
    await relay.kafka({ ends: 'stop' });
    await relay.millrace({ found: 'kafka', ends: 'kill' });
    await relay.kafka({ ends: 'stop' });
  },

  'Millrace, killed twice; Apache Kafka 4.3.1, killed; Millrace, stopped; Millrace': async relay => {
    await relay.millrace({ found: 'new', ends: 'kill' });
    await relay.millrace({ found: 'millrace', ends: 'kill' });
    await relay.kafka({ ends: 'kill' });
    await relay.millrace({ found: 'kafka', ends: 'stop' });
    await relay.millrace({ found: 'millrace', ends: 'stop' });
  },

  'Millrace, stopped; Apache Kafka 4.0.1, stopped; Millrace': async relay => {
    await relay.millrace({ found: 'new', ends: 'stop' });
    await relay.kafka({ ends: 'stop', release: '4.0.1' });
    await relay.millrace({ found: 'kafka', ends: 'stop' });
  },
});
