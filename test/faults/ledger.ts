// The lives of lives.ts by hand, any number of them:
//   node test/faults/ledger.ts [cycles] [seed] [kill|call|error|power|power-xfs]     60 cycles, any seed and kill -9 by default
// LEDGER_KEEP=1 keeps the directory; LEDGER_FLUSH=os shows that power cuts do take what is not synced. Exit code 1 and the seed when there is an anomaly.

import process from 'node:process';
import { type Fault, runLives } from './lives.ts';

const [, , cycles = '60', seed, fault = 'kill'] = process.argv;
console.log(
  await runLives({
    cycles: Number(cycles),
    seed: Number(seed ?? Math.floor(Math.random() * 1e9)),
    fault: fault as Fault,
  }),
);
