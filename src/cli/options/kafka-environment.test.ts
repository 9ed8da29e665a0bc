// Expected names are those of the apache/kafka image's documentation and of Kafka UI's.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokerPropertiesOf, clusterIdOf, externalClusterOf } from './kafka-environment.ts';

describe('KAFKA_* of the broker images', () => {
  it('spells properties as Kafka does', () => {
    const properties = brokerPropertiesOf({
      KAFKA_LOG_RETENTION_HOURS: '24',
      KAFKA_ABC__DEF: 'underscore',
      KAFKA_ABC___DEF: 'dash',
      KAFKA_CFG_NUM_PARTITIONS: '3',
      KAFKA_HEAP_OPTS: '-Xmx1g',
      KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
      KAFKA_CLUSTERS_0_NAME: 'local',
      PATH: '/bin',
    });
    assert.deepEqual(
      [...properties],
      [
        ['log.retention.hours', '24'],
        ['abc_def', 'underscore'],
        ['abc-def', 'dash'],
        ['num.partitions', '3'],
      ],
    );
  });

  it('spells the keys of secured listeners as Kafka does', () => {
    const properties = brokerPropertiesOf({
      KAFKA_LISTENER_NAME_SASL__SSL_PLAIN_SASL_JAAS_CONFIG: 'users',
      'KAFKA_LISTENER_NAME_EXTERNAL_SCRAM-SHA-256_SASL_JAAS_CONFIG': 'module',
      KAFKA_LISTENER_NAME_EXTERNAL_SCRAM___SHA___256_SASL_JAAS_CONFIG: 'module',
      KAFKA_SSL_KEYSTORE_LOCATION: '/etc/kafka/broker.pem',
      KAFKA_SUPER_USERS: 'User:admin',
    });
    assert.equal(properties.get('listener.name.sasl_ssl.plain.sasl.jaas.config'), 'users');
    assert.equal(properties.get('listener.name.external.scram-sha-256.sasl.jaas.config'), 'module');
    assert.equal(properties.get('ssl.keystore.location'), '/etc/kafka/broker.pem');
    assert.equal(properties.get('super.users'), 'User:admin');
  });

  it('takes the cluster id of either image', () => {
    assert.equal(clusterIdOf({ CLUSTER_ID: 'a' }), 'a');
    assert.equal(clusterIdOf({ KAFKA_KRAFT_CLUSTER_ID: 'b' }), 'b');
    assert.equal(clusterIdOf({}), undefined);
  });
});

describe('an external cluster', () => {
  it('is named by KAFKA_BOOTSTRAP_SERVERS, by Kafka UI, or by the flag first of all', () => {
    assert.equal(externalClusterOf({}), null);
    assert.equal(externalClusterOf({ KAFKA_BOOTSTRAP_SERVERS: 'a:9092' })?.bootstrapServers, 'a:9092');
    assert.equal(
      externalClusterOf({ KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: 'b:9092' })?.bootstrapServers,
      'b:9092',
    );
    assert.equal(
      externalClusterOf({ KAFKA_BOOTSTRAP_SERVERS: 'a:9092' }, 'c:9092')?.bootstrapServers,
      'c:9092',
    );
  });

  it("reads Kafka UI's security properties", () => {
    const cluster = externalClusterOf({
      KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: 'b:9092',
      KAFKA_CLUSTERS_0_PROPERTIES_SECURITY_PROTOCOL: 'SASL_SSL',
      KAFKA_CLUSTERS_0_PROPERTIES_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_CLUSTERS_0_PROPERTIES_SASL_JAAS_CONFIG:
        'org.apache.kafka.common.security.scram.ScramLoginModule required username="alice" password="a\\"b";',
    });
    assert.deepEqual(cluster?.sasl, { mechanism: 'SCRAM-SHA-512', username: 'alice', password: 'a"b' });
  });

  it('says what is missing', () => {
    assert.throws(
      () =>
        externalClusterOf({
          KAFKA_BOOTSTRAP_SERVERS: 'b:1',
          KAFKA_CLUSTERS_0_PROPERTIES_SECURITY_PROTOCOL: 'SASL_SSL',
        }),
      /SASL_JAAS_CONFIG/,
    );
    assert.throws(
      () =>
        externalClusterOf({
          KAFKA_BOOTSTRAP_SERVERS: 'b:1',
          KAFKA_CLUSTERS_0_PROPERTIES_SECURITY_PROTOCOL: 'TLS',
        }),
      /not one of PLAINTEXT/,
    );
  });
});
