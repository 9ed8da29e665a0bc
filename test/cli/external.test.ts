// Console and API on a cluster elsewhere: no broker starts, and a cluster that cannot be reached is said, not suffered.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { removeDirectory, startMillrace, temporaryDirectory } from '../support/millrace-process.ts';
import { startWorkbench } from '../support/workbench.ts';

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise(done => server.close(done));
  return port;
}

describe('with KAFKA_BOOTSTRAP_SERVERS', () => {
  let directory: string;
  before(() => {
    directory = temporaryDirectory();
  });
  after(() => removeDirectory(directory));

  it('serves that cluster and starts no broker', async () => {
    const cluster = await startWorkbench();
    try {
      const millrace = await startMillrace({
        directory,
        environment: { KAFKA_BOOTSTRAP_SERVERS: cluster.addresses.broker! },
      });
      assert.equal(millrace.ready.broker, null);
      assert.equal(millrace.ready.clusterId, cluster.embedded!.clusterId);
      assert.equal((await fetch(`${millrace.ready.api}/produce`, { method: 'POST' })).status, 200);
      const here = (await (await fetch(`${cluster.addresses.api}/consume`)).json()) as {
        messages_read: string[];
      };
      assert.equal(here.messages_read.length, 5, 'the records are in the cluster that was named');
      assert.equal(existsSync(join(directory, '.millrace/kafka')), false);
      const stopped = await millrace.end('SIGTERM');
      assert.equal(stopped.exitCode, 0, stopped.stderr);
    } finally {
      await cluster.stop();
    }
  });

  it('stays up and says so when the cluster cannot be reached', async () => {
    const servers = `127.0.0.1:${await unusedPort()}`;
    const millrace = await startMillrace({
      directory,
      environment: { KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: servers },
    });
    assert.equal((await fetch(`${millrace.ready.console}/`)).status, 200);
    const ready = await fetch(`${millrace.ready.console}/readyz`);
    assert.equal(ready.status, 503);
    const consumed = await fetch(`${millrace.ready.api}/consume`);
    assert.equal(consumed.status, 503);
    const body = (await consumed.json()) as { status: string; message: string };
    assert.equal(body.status, 'Error');
    assert.match(body.message, new RegExp(servers.replaceAll('.', '\\.')));
    assert.match(millrace.output().stderr, new RegExp(`The cluster ${servers} does not answer now`));
    assert.equal(millrace.ready.clusterId, null);
    assert.equal((await millrace.end('SIGTERM')).exitCode, 0);
  });
});
