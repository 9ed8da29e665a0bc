// npm run test:conformance: Apache Kafka's own command line tools talk to Apache Kafka 4.3.1 and to Millrace, and must print
// the same. All commands for a cluster run in one JVM, because starting one for each would take minutes.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { startBoth } from './both.ts';
import { missingJavaToolchain } from './reference.ts';
import { CommandFiles, commandsOf } from './tools/commands.ts';
import { type Answer, linesOf, runAll } from './tools/run-commands.ts';

const noReference = missingJavaToolchain();
const files = new CommandFiles();
const commands = commandsOf(files);

describe("Apache Kafka's command line tools, beside Apache Kafka 4.3.1", {
  skip: noReference ?? false,
}, () => {
  let expected: Answer[] = [];
  let actual: Answer[] = [];

  before(async () => {
    const both = await startBoth();
    try {
      [expected, actual] = await Promise.all([runAll(commands, both.theirs), runAll(commands, both.ours)]);
    } finally {
      files.close();
      await both.stop();
    }
  });

  it('has answered every command', () => {
    assert.equal(expected.length, commands.length);
    assert.equal(actual.length, commands.length);
  });

  for (const [index, command] of commands.entries()) {
    it(command.name, { skip: command.apart ?? false }, () => {
      assert.deepEqual(linesOf(actual[index], command), linesOf(expected[index], command));
    });
  }
});
