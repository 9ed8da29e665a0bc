// The way into the command line. `up`, said plainly, is understood here, because the parser takes longer to load than to
// be asked (8 ms of every start); whatever is not plain, and everything else, is the parser's. What goes wrong ends in one
// sentence, a way out and an exit code.

import process from 'node:process';
import { describeFailure } from './failure.ts';
import { leaveOutWhatIsOff, plainFlags } from './options/plain-flags.ts';

async function main(): Promise<void> {
  const [command, ...words] = process.argv.slice(2);
  leaveOutWhatIsOff(process.env);
  try {
    const flags = command === 'up' ? plainFlags(words, process.env) : null;
    if (flags !== null) await (await import('./commands/up.ts')).runUp(flags);
    else await (await import('./program.ts')).runProgram(process.argv.slice(2));
  } catch (error) {
    const { text, exitCode } = describeFailure(error);
    process.stderr.write(text);
    process.exit(exitCode);
  }
}

void main();
