// The trace rule over a recording file system: a broker of this process, real sockets, a disk in memory; and the checker by
// itself, on traces that break the rule. strace-rule.ts holds the same against the system calls of the real program.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Broker } from '../../src/broker/broker.ts';
import { systemClock, systemTimers } from '../../src/broker/runtime/clock.ts';
import { MemoryFileSystem } from '../../src/storage/fs/memory.ts';
import { batchOf } from '../support/raw-client.ts';
import { Recording, recorded } from './recording.ts';
import { type Answer, Trace, type TraceEvent } from './trace.ts';
import { traceLoad } from './trace-load.ts';

const ROUNDS = 8;

async function recordLoad(context: TestContext): Promise<{ answers: Answer[]; events: TraceEvent[] }> {
  const recording = new Recording();
  let port = -1;
  context.after(recording.listenTo(() => port));
  const broker = await Broker.start({
    fileSystem: recorded(new MemoryFileSystem(), recording),
    dataPath: '/data',
    properties: new Map([
      ['node.id', '1'],
      ['listeners', 'PLAINTEXT://127.0.0.1:0'],
    ]),
    profile: 'dev',
    clusterId: null,
    durability: 'always',
    report: () => {},
    clock: systemClock,
    timers: systemTimers,
    reading: {},
  });
  port = broker.listeners[0]!.port;
  const answers = await traceLoad(port, ROUNDS);
  await broker.stop();
  return { answers, events: recording.events };
}

const PEER = 4_000;
const LOG = '/data/t-0/00000000000000000000.log';
type Draft = TraceEvent extends infer Event
  ? Event extends TraceEvent
    ? Omit<Event, 'begin' | 'end'> & { begin?: number; end?: number }
    : never
  : never;

/** Each lasts no time, one after another, unless it says so. */
function traceOf(drafts: readonly Draft[]): Trace {
  return new Trace(drafts.map((draft, index) => ({ begin: index, end: index, ...draft }) as TraceEvent));
}

const answerFrame = Buffer.from([0, 0, 0, 4, 0, 0, 0, 7]);
const answer: Answer = { what: 'the answer', peer: PEER, correlationId: 7, marks: [Buffer.from('mark')] };
const written: Draft = { kind: 'write', path: LOG, bytes: Buffer.from('a mark in it') };
const made: Draft[] = [
  { kind: 'make directory', path: '/data/t-0' },
  { kind: 'create', path: LOG },
];
const namesSynced: Draft[] = [
  { kind: 'sync', path: '/data/t-0' },
  { kind: 'sync', path: '/data' },
];
const sent: Draft = { kind: 'send', peer: PEER, bytes: answerFrame };
const fileSynced: Draft = { kind: 'sync', path: LOG };

function violationsOf(drafts: readonly Draft[]): string[] {
  const trace = traceOf(drafts);
  trace.check([answer]);
  return trace.violations;
}

describe('the checker of traces', () => {
  it('is content when file and names are synced first', () => {
    assert.deepEqual(violationsOf([...made, written, fileSynced, ...namesSynced, sent]), []);
  });

  it('wants the file synced before the answer', () => {
    const [violation] = violationsOf([...made, written, ...namesSynced, sent, fileSynced]);
    assert.match(violation ?? '', /0\.log was not synced before/);
  });

  it('wants a sync that began after the write and ended before the answer', () => {
    const early: Draft = { ...fileSynced, begin: 1.5, end: 3 };
    assert.equal(violationsOf([...made, written, early, ...namesSynced, sent]).length, 1);
    const late: Draft = { ...fileSynced, begin: 3, end: 9 };
    assert.equal(violationsOf([...made, written, late, ...namesSynced, sent]).length, 1);
  });

  it('wants the directory synced after its file was made, and the one above', () => {
    for (const missing of namesSynced) {
      const others = namesSynced.filter(sync => sync !== missing);
      assert.match(violationsOf([...made, written, fileSynced, ...others, sent])[0] ?? '', /got its name/);
    }
  });

  it('wants the directory synced after a rename', () => {
    const renamed: Draft = { kind: 'rename', path: LOG, to: '/data/t-0/other.log' };
    const steps = [...made, written, fileSynced, ...namesSynced, renamed];
    assert.match(violationsOf([...steps, sent])[0] ?? '', /got its name/);
    assert.deepEqual(violationsOf([...steps, namesSynced[0]!, sent]), []);
  });

  it('wants something written, and a trace that shows how its file was made', () => {
    assert.match(violationsOf([...made, sent])[0] ?? '', /nothing was written/);
    assert.match(violationsOf([written, fileSynced, sent])[0] ?? '', /how .* was made/);
  });

  it('wants no recovery point behind a batch that is not synced', () => {
    const batch: Draft = { ...written, kind: 'write', path: LOG, bytes: batchOf(['v']) };
    const checkpoint = '/data/recovery-point-offset-checkpoint';
    const points: Draft[] = [
      { kind: 'write', path: `${checkpoint}.tmp`, bytes: Buffer.from('0\n1\nt 0 1\n') },
      { kind: 'rename', path: `${checkpoint}.tmp`, to: checkpoint },
    ];
    const steps = [...made, batch, ...namesSynced];
    assert.match(traceOf([...steps, ...points]).violations[0] ?? '', /^recovery point 1 of t-0/);
    assert.deepEqual(traceOf([...steps, fileSynced, ...points]).violations, []);
  });

  it('wants no clean-shutdown marker beside a file that is not synced', () => {
    const marker = '/data/.kafka_cleanshutdown';
    const stop: Draft = { kind: 'rename', path: `${marker}.tmp`, to: marker };
    const steps = [...made, written, ...namesSynced];
    assert.match(traceOf([...steps, stop]).violations[0] ?? '', /^clean-shutdown marker/);
    assert.deepEqual(traceOf([...steps, fileSynced, stop]).violations, []);
  });
});

describe('trace rule', () => {
  it('every answer follows the syncs of all it rests on', async context => {
    const { answers, events } = await recordLoad(context);
    const trace = new Trace(events);
    const dependencies = trace.check(answers);
    assert.deepEqual([...new Set(trace.violations)].slice(0, 10), []);
    assert.ok(answers.length > 20 * ROUNDS && dependencies > answers.length / 2, `${dependencies} writes`);
    context.diagnostic(
      `${answers.length} answers, ${dependencies} writes they rest on, ${trace.syncCount} syncs`,
    );
  });
});
