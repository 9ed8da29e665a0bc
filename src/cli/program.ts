// The list of commands, each loaded when it is called. Parsing is commander's, and so is what it says to a wrong word.

import process from 'node:process';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ExitCode } from './failure.ts';
import { FlagError, UP_FLAGS } from './options/up-flags.ts';
import { version } from './version.ts';

const DEFAULT_DATA_DIRECTORY = '.millrace/kafka';

function optionOf(declaration: (typeof UP_FLAGS)[number]): Option {
  const option = new Option(declaration.flags, declaration.description).env(declaration.environment);
  if (declaration.choices !== undefined) option.choices(declaration.choices);
  const parse = declaration.parse as ((value: string, previous: unknown) => unknown) | undefined;
  if (parse !== undefined) option.argParser((value, previous) => refusing(() => parse(value, previous)));
  return option;
}

/** In the words of the parser, which then names the flag. */
function refusing(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    throw error instanceof FlagError ? new InvalidArgumentError(error.message) : error;
  }
}

export function addUpFlags(command: Command): Command {
  for (const declaration of UP_FLAGS) command.addOption(optionOf(declaration));
  return command;
}

function programOf(): Command {
  const program = new Command('millrace')
    .description('The whole Kafka workbench in one process: broker, console and HTTP API.')
    .version(version, '-V, --version')
    .showHelpAfterError('Run "millrace --help" for what there is.')
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong use, 3 cannot connect.');
  const up = addUpFlags(program.command('up')).description(
    'start broker, console and API, and keep them running',
  );
  up.addHelpText(
    'after',
    '\nExamples:\n  millrace up\n  millrace up --memory --port 0 --ready-file ready.json\n  millrace up -c num.partitions=3 --data /var/lib/kafka/data',
  );
  up.action(async flags => (await import('./commands/up.ts')).runUp(flags));
  program
    .command('health')
    .description('ask a running workbench whether it is ready; exit code 0 when it is')
    .option(
      '--url <url>',
      'console or API to ask',
      `http://localhost:${process.env['MILLRACE_HTTP_PORT'] ?? 8080}`,
    )
    .option('--quiet', 'print nothing')
    .action(async options => (await import('./commands/health.ts')).runHealth(options));
  addStorageCommands(program);
  program
    .command('bench')
    .description(
      'measure beside Apache Kafka on this machine (--quick, --rounds N, --only LOAD, --json, --write)',
    )
    .argument('[words...]', 'passed on; see docs/performance.md for what is measured')
    .allowUnknownOption()
    .action(async words => (await import('./commands/bench.ts')).runBench(words));
  return program;
}

/** Offline tools: they open a data directory, no broker. */
function addStorageCommands(program: Command): void {
  const storage = program.command('storage').description('look into a data directory, check it, mend it');
  storage
    .command('dump')
    .description('print segments, indexes, snapshots and checkpoints, in the words of DumpLogSegments')
    .argument('<path...>', 'data directory, directory of a partition, or single files')
    .option('--records', "with every record; those of Kafka's own topics are decoded")
    .option('--from-offset <offset>', 'leave out what is below', wholeNumber)
    .option('--until-offset <offset>', 'leave out this offset and what is above', wholeNumber)
    .option('--json', 'one JSON object a line')
    .action(async (paths, options) =>
      (await import('./commands/storage-dump.ts')).runStorageDump(paths, options),
    );
  storage
    .command('verify')
    .description('read all of a data directory and say what is wrong; exit code 1 when data is missing')
    .argument('[directory]', 'data directory of Millrace or Apache Kafka', DEFAULT_DATA_DIRECTORY)
    .option('--json', 'one JSON object')
    .action(async (directory, options) =>
      (await import('./commands/storage-verify.ts')).runStorageVerify(directory, options),
    );
  storage
    .command('repair')
    .description('mend what verify finds, with the broker stopped; what leaves a log is kept beside it')
    .argument('[directory]', 'data directory of Millrace or Apache Kafka', DEFAULT_DATA_DIRECTORY)
    .option('--yes', 'do it; without this, only say what would be done')
    .action(async (directory, options) =>
      (await import('./commands/storage-repair.ts')).runStorageRepair(directory, options),
    );
}

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Not a whole number from 0 on.');
}

export async function runProgram(words: readonly string[]): Promise<void> {
  try {
    await programOf().parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : ExitCode.usage;
  }
}
