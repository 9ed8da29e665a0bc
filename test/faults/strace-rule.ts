// The trace rule over system calls: the real program under strace, a load over every kind of change, a clean stop; then
// the checker of trace.ts over what the kernel was asked. Part of npm run test:conformance; by hand
//   TRACE_ROUNDS=100 node --test test/faults/strace-rule.ts

import assert from 'node:assert/strict';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { removeDirectory, startMillrace, temporaryDirectory } from '../support/millrace-process.ts';
import { readStrace, tracingTo, whyNoStrace } from './strace.ts';
import { Trace } from './trace.ts';
import { traceLoad } from './trace-load.ts';

const ROUNDS = Number(process.env['TRACE_ROUNDS'] ?? 6);
const PATIENCE_MS = 240_000;

describe('trace rule, by system calls', { skip: whyNoStrace() ?? false, timeout: PATIENCE_MS }, () => {
  it('every answer follows the syncs of all it rests on', { timeout: PATIENCE_MS }, async context => {
    const directory = temporaryDirectory();
    context.after(() => removeDirectory(directory));
    const file = join(directory, 'calls.txt');
    const words = ['--home', 'data', '--http-port', 'off', '--api-port', 'off'];
    const broker = await startMillrace({ directory, words, under: tracingTo(file) });
    const answers = await traceLoad(Number(broker.ready.broker!.split(':').at(-1)), ROUNDS);
    await broker.end('SIGTERM');
    const trace = new Trace(readStrace(file));
    const dependencies = trace.check(answers);
    assert.deepEqual([...new Set(trace.violations)].slice(0, 10), []);
    assert.ok(answers.length > 20 * ROUNDS && dependencies > answers.length / 2, `${dependencies} writes`);
    context.diagnostic(
      `${answers.length} answers, ${dependencies} writes they rest on, ${trace.syncCount} syncs`,
    );
  });
});
