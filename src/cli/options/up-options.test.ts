// Precedence and the sentences for what cannot be meant.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandError } from '../failure.ts';
import type { Environment } from './kafka-environment.ts';
import type { UpFlags } from './up-flags.ts';
import { resolveUp } from './up-options.ts';

function resolved(flags: UpFlags, environment: Environment = {}, files: Record<string, string> = {}) {
  return resolveUp({
    flags,
    environment,
    workingDirectory: '/work',
    version: '1.2.3',
    readFile: path => {
      const text = files[path];
      if (text === undefined) throw new Error('ENOENT: no such file');
      return text;
    },
  });
}

describe('millrace up', () => {
  it('has defaults for everything', () => {
    const options = resolved({});
    assert.equal(options.consolePort, 8080);
    assert.equal(options.apiPort, 5000);
    assert.deepEqual(options.broker?.storage, { kind: 'directory', path: '/work/.millrace/kafka' });
    assert.equal(options.broker?.properties.get('listeners'), 'PLAINTEXT://localhost:9094');
    assert.equal(options.broker?.newClusterId, 'Y-t_TjR9Q3GFuYt28wDq8A');
    assert.equal(options.broker?.durability, 'always');
    assert.equal(options.external, null);
  });

  it('puts -c before KAFKA_* before the properties file', () => {
    const files = {
      '/work/server.properties': 'num.partitions=2\nlog.retention.hours=1\nmessage.max.bytes=7',
    };
    const environment = { KAFKA_NUM_PARTITIONS: '3', KAFKA_LOG_RETENTION_HOURS: '5' };
    const { broker } = resolved(
      { properties: 'server.properties', config: ['num.partitions=4', 'a=b=c'] },
      environment,
      files,
    );
    assert.equal(broker?.properties.get('num.partitions'), '4');
    assert.equal(broker?.properties.get('log.retention.hours'), '5');
    assert.equal(broker?.properties.get('message.max.bytes'), '7');
    assert.equal(broker?.properties.get('a'), 'b=c');
  });

  it('takes listeners and log.dirs of the images, unless a flag says otherwise', () => {
    const environment = { KAFKA_LISTENERS: 'PLAINTEXT://:9092', KAFKA_LOG_DIRS: '/var/lib/kafka/data' };
    assert.equal(resolved({}, environment).broker?.properties.get('listeners'), 'PLAINTEXT://:9092');
    assert.deepEqual(resolved({}, environment).broker?.storage, {
      kind: 'directory',
      path: '/var/lib/kafka/data',
    });
    assert.equal(
      resolved({ port: 0 }, environment).broker?.properties.get('listeners'),
      'PLAINTEXT://localhost:0',
    );
    assert.deepEqual(resolved({ data: 'mine' }, environment).broker?.storage, {
      kind: 'directory',
      path: '/work/mine',
    });
  });

  it('listens where it is advertised when only that is said, as the images do', () => {
    const environment = { KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://kafka:9092,HOST://localhost:29092' };
    const files = { '/work/image.properties': 'listeners=PLAINTEXT://:9092,EXTERNAL://:9094' };
    const { broker } = resolved({ properties: 'image.properties' }, environment, files);
    assert.equal(broker?.properties.get('listeners'), 'PLAINTEXT://:9092,HOST://:29092');
  });

  it('starts no broker when a cluster is named', () => {
    const options = resolved({ port: 0 }, { KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092' });
    assert.equal(options.broker, null);
    assert.equal(options.external?.bootstrapServers, 'kafka:9092');
  });

  it('says in one sentence what cannot be', () => {
    const failure = (flags: UpFlags, environment: Environment = {}) => {
      try {
        resolved(flags, environment);
      } catch (error) {
        assert.ok(error instanceof CommandError);
        assert.equal(error.exitCode, 2);
        return error.message;
      }
      return 'no failure';
    };
    assert.match(failure({ port: 'off' }), /^Without a broker there is nothing to serve\.$/);
    assert.match(failure({ clusterId: 'x' }), /"x" is no cluster id/);
    assert.match(failure({ memory: true, data: 'x' }), /exclude each other/);
    assert.match(failure({ properties: 'absent.properties' }), /\/work\/absent\.properties cannot be read/);
    assert.match(failure({}, { KAFKA_LOG_DIRS: '/a,/b' }), /several directories/);
  });
});
