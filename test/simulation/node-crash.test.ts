// A node whose topics, configurations, offsets, group members and records change while time passes, and whose power fails at
// any operation of the disk, while starting too; then everything that was answered must be there. One case again:
//   NODE_SEED=57 node --test test/simulation/node-crash.test.ts         any number: NODE_RUNS=1000

import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it } from 'node:test';
import { NodeLives } from './node-lives.ts';

const FIRST_SEED = Number(process.env['NODE_SEED'] ?? 20_261_124);
const RUNS = Number(process.env['NODE_RUNS'] ?? (process.env['NODE_SEED'] === undefined ? 12 : 1));
const LIVES = 4;

describe('a node whose power fails', () => {
  it(`has all that it answered (${RUNS} runs of ${LIVES} lives from seed ${FIRST_SEED})`, async context => {
    let answers = 0;
    let cuts = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const lives = new NodeLives(seed);
      try {
        await lives.run(LIVES);
      } catch (error) {
        throw new Error(`NODE_SEED=${seed}`, { cause: error });
      }
      answers += lives.answers;
      cuts += lives.cuts;
    }
    context.diagnostic(`${cuts} power cuts, ${answers} answers`);
    assert.ok(answers > 10 * RUNS && cuts >= LIVES * RUNS, `${answers} answers, ${cuts} cuts`);
  });
});
