// The command line: the list of commands, each loaded when it is called. Parsing is commander's; what goes wrong ends
// in one sentence, a way out and an exit code.

import process from 'node:process';
import { Command, CommanderError, Option } from 'commander';
import { describeFailure, ExitCode } from './failure.ts';
import { UP_FLAGS } from './options/up-flags.ts';
import { version } from './version.ts';

function optionOf(declaration: (typeof UP_FLAGS)[number]): Option {
  const option = new Option(declaration.flags, declaration.description).env(declaration.environment);
  if (declaration.choices !== undefined) option.choices(declaration.choices);
  if (declaration.parse !== undefined)
    option.argParser(declaration.parse as (value: string, previous: unknown) => unknown);
  return option;
}

/** A switch is off when its variable says so; the parser itself only asks whether the variable is there. */
function leaveOutWhatIsOff(environment: NodeJS.ProcessEnv): void {
  for (const { flags, environment: name } of UP_FLAGS) {
    if (!flags.includes('<') && /^(|0|false|no|off)$/i.test(environment[name]?.trim() ?? ''))
      delete environment[name];
  }
}

function programOf(): Command {
  const program = new Command('millrace')
    .description('The whole Kafka workbench in one process: broker, console and HTTP API.')
    .version(version, '-V, --version')
    .showHelpAfterError('Run "millrace --help" for what there is.')
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong use, 3 cannot connect.');
  const up = program.command('up').description('start broker, console and API, and keep them running');
  for (const declaration of UP_FLAGS) up.addOption(optionOf(declaration));
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
  return program;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  leaveOutWhatIsOff(process.env);
  try {
    await programOf().parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : ExitCode.usage;
      return;
    }
    const { text, exitCode } = describeFailure(error);
    process.stderr.write(text);
    process.exit(exitCode);
  }
}

void main();
