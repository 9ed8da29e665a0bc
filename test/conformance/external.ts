// npm run test:conformance: console and API in front of a real Apache Kafka 4.3.1. The gateway's own tests, which otherwise
// have a broker of ours behind them, run once more against it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { missingJavaToolchain, startReference } from './reference.ts';

const folder = resolve(fileURLToPath(import.meta.url), '../../gateway');
const TEST_TIMEOUT_MS = 120_000;
/** The tests write records of years ago, and the first look for old ones comes half a minute after a start. */
const RECORDS_STAY = { 'log.retention.ms': '-1' };

describe('the gateway in front of Apache Kafka 4.3.1', { skip: missingJavaToolchain() ?? false }, () => {
  it('passes its tests', async context => {
    const reference = await startReference({ heap: '512m', properties: RECORDS_STAY });
    try {
      const files = readdirSync(folder).filter(name => name.endsWith('.test.ts'));
      const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
      const child = spawn(
        process.execPath,
        [
          ...['--test', '--test-concurrency=1', '--test-reporter=tap', `--test-timeout=${TEST_TIMEOUT_MS}`],
          ...files.map(name => join(folder, name)),
        ],
        {
          env: { ...environment, MILLRACE_TEST_KAFKA: reference.bootstrapServers },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const output: string[] = [];
      child.stdout.on('data', chunk => output.push(String(chunk)));
      const [status] = (await once(child, 'close')) as [number | null];
      const printed = output.join('');
      const failed = printed.split('\n').filter(line => line.trimStart().startsWith('not ok'));
      context.diagnostic(/^# pass \d+/m.exec(printed)?.[0] ?? 'nothing was counted');
      assert.deepEqual(failed, []);
      assert.equal(status, 0, printed.slice(-4000));
    } finally {
      await reference.stop();
    }
  });
});
