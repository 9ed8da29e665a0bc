import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorkbench } from '../../src/workbench.ts';

test('the cluster page of a secured broker names the address for clients, not its own way in', async context => {
  const workbench = await startWorkbench({
    version: '0.0.0-test',
    home: '/nowhere',
    host: '127.0.0.1',
    allowedHosts: [],
    consolePort: null,
    apiPort: 0,
    external: null,
    report: () => {},
    broker: {
      storage: { kind: 'memory' },
      clusterId: null,
      newClusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
      durability: 'always',
      profile: 'dev',
      properties: new Map([
        ['node.id', '1'],
        ['listeners', 'SASL_PLAINTEXT://127.0.0.1:0'],
        ['advertised.listeners', 'SASL_PLAINTEXT://kafka.example:9999'],
        ['sasl.enabled.mechanisms', 'SCRAM-SHA-256'],
      ]),
    },
  });
  context.after(() => workbench.stop());
  const answer = await fetch(`${workbench.addresses.api}/api/v1/cluster`);
  const { reachable, bootstrapServers, brokers } = (await answer.json()) as Record<string, unknown>;
  assert.equal(reachable, true);
  assert.equal(bootstrapServers, workbench.addresses.broker);
  assert.deepEqual(brokers, [{ nodeId: 1, host: 'kafka.example', port: 9999, rack: null }]);
});
