// Flags said plainly come out as the parser has them; all else is left to it.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Command } from 'commander';
import { addUpFlags } from '../program.ts';
import { leaveOutWhatIsOff, plainFlags } from './plain-flags.ts';
import { UP_FLAGS } from './up-flags.ts';

const names = UP_FLAGS.map(({ environment }) => environment);
const before = new Map(names.map(name => [name, process.env[name]]));

function setEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const name of names) {
    if (values[name] === undefined) delete process.env[name];
    else process.env[name] = values[name];
  }
}

afterEach(() => setEnvironment(Object.fromEntries(before)));

/** The parser reads the variables of the process. */
function parsed(words: readonly string[]): unknown {
  return addUpFlags(new Command()).exitOverride().parse(words, { from: 'user' }).opts();
}

const PLAIN: readonly (readonly [words: string, environment?: Record<string, string>])[] = [
  [''],
  ['--port 0 --http-port off --api-port 5001 --ready-file ready.json'],
  ['--memory --open --flush os --profile kafka --metadata-version 4.1'],
  ['-c num.partitions=3 --config a=b=c;d=e --allowed-host x --allowed-host y,z'],
  ['--port 1 --port 2'],
  [
    '',
    { MILLRACE_PORT: '7', MILLRACE_MEMORY: 'yes', MILLRACE_CONFIG: 'a=1\nb=2', MILLRACE_FLUSH: 'interval' },
  ],
  ['--port 8 -c c=3', { MILLRACE_PORT: '7', MILLRACE_CONFIG: 'a=1' }],
  ['--data d', { MILLRACE_MEMORY: 'off', MILLRACE_OPEN: ' 0 ' }],
];

for (const [text, environment = {}] of PLAIN) {
  test(`plain: ${text} ${JSON.stringify(environment)}`, () => {
    const words = text.split(' ').filter(word => word !== '');
    setEnvironment(environment);
    leaveOutWhatIsOff(process.env);
    const flags = plainFlags(words, process.env);
    assert.notEqual(flags, null);
    assert.deepEqual(flags, parsed(words));
  });
}

const NOT_PLAIN: readonly (readonly [words: string, environment?: Record<string, string>])[] = [
  ['--help'],
  ['-h'],
  ['--port'],
  ['--port --memory'],
  ['--port=0'],
  ['--port 70000'],
  ['-ca=b'],
  ['-c nothing'],
  ['--flush never'],
  ['--prt 1'],
  ['extra'],
  ['--'],
  ['', { MILLRACE_PORT: 'x' }],
  ['', { MILLRACE_FLUSH: 'never' }],
  ['', { MILLRACE_HOST: '' }],
];

for (const [text, environment = {}] of NOT_PLAIN) {
  test(`left to the parser: ${text} ${JSON.stringify(environment)}`, () => {
    setEnvironment(environment);
    assert.equal(
      plainFlags(
        text.split(' ').filter(word => word !== ''),
        process.env,
      ),
      null,
    );
  });
}
