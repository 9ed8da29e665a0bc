// npm run test:conformance: directories that Apache Kafka made, of its newest level and of a static quorum, and one whose
// metadata log Millrace has given up for a snapshot. Otherwise as handover.ts.

import { WITH_AUTHORIZER } from './handover/acls.ts';
import { testRelays } from './handover/relays.ts';

/** A snapshot of the metadata every few topics, and no more of the log than must be. */
const EAGER_SNAPSHOTS = {
  'metadata.log.max.record.bytes.between.snapshots': '3000',
  'metadata.max.retention.bytes': '0',
  'metadata.log.segment.ms': '100',
};

testRelays({
  'Apache Kafka 4.3.1 of its own level, stopped; Millrace, stopped; Apache Kafka': async relay => {
    await relay.kafka({ ends: 'stop', releaseVersion: '4.3', properties: WITH_AUTHORIZER });
    await relay.millrace({ found: 'kafka', ends: 'stop' });
    await relay.kafka({ ends: 'stop', properties: WITH_AUTHORIZER });
  },

  'Apache Kafka 4.3.1 with static voters, killed; Millrace, stopped; Apache Kafka': async relay => {
    await relay.kafka({ ends: 'kill', releaseVersion: '4.0', hasStaticVoters: true });
    await relay.millrace({ found: 'kafka', ends: 'stop' });
    await relay.kafka({ ends: 'stop', hasStaticVoters: true });
  },

  'Millrace, killed, with a snapshot instead of the metadata log; Apache Kafka 4.3.1; Millrace':
    async relay => {
      await relay.millrace({ found: 'new', ends: 'kill', properties: EAGER_SNAPSHOTS });
      relay.assertMetadataLogGivenUp();
      await relay.kafka({ ends: 'stop' });
      relay.assertMetadataLogGivenUp();
      await relay.millrace({ found: 'kafka', ends: 'stop', properties: EAGER_SNAPSHOTS });
      await relay.kafka({ ends: 'kill' });
    },
});
