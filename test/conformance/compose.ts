// compose.yaml, read and checked against the compose specification's schema by the library that Docker Compose itself
// uses. No container engine is needed, and none is started.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { absent } from './legs.ts';

const here = resolve(fileURLToPath(import.meta.url), '..');
const composeFile = resolve(here, '../../compose.yaml');

interface Service {
  readonly image: string;
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

function servicesOf(profiles?: string): Record<string, Service> {
  const environment = { ...process.env, ...(profiles === undefined ? {} : { COMPOSE_PROFILES: profiles }) };
  return JSON.parse(
    execFileSync(join(here, 'compose/bin/compose'), [composeFile], { env: environment, encoding: 'utf8' }),
  );
}

describe('compose.yaml', { skip: absent('go', ['version']) ?? false }, () => {
  before(() => {
    execFileSync('go', ['build', '-o', 'bin/compose', '.'], {
      cwd: join(here, 'compose'),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });

  it('starts one container by default, with the three ports', () => {
    const services = servicesOf();
    assert.deepEqual(Object.keys(services), ['millrace']);
    assert.deepEqual(services['millrace']?.ports, ['9094', '8080', '5000']);
  });

  it('starts Apache Kafka with console and API on it by the profile apache, on the same ports and names', () => {
    const services = servicesOf('apache');
    assert.deepEqual(Object.keys(services).sort(), ['kafka', 'workbench']);
    assert.equal(services['kafka']?.image, 'apache/kafka:4.3.1');
    assert.deepEqual(services['kafka']?.ports, ['9094']);
    assert.deepEqual(services['workbench']?.ports, ['8080', '5000']);
    assert.equal(services['workbench']?.environment['KAFKA_BOOTSTRAP_SERVERS'], 'kafka:9092');
    const embedded = servicesOf('embedded')['millrace']?.environment['KAFKA_ADVERTISED_LISTENERS'];
    assert.equal(services['kafka']?.environment['KAFKA_ADVERTISED_LISTENERS'], embedded);
  });
});
