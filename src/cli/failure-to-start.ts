// Turns what kept the workbench from starting into the sentence for a person: which port, who holds it, which option
// changes it; what is wrong with the data directory and what to do. Whatever it does not know passes unchanged.

import { CommandError } from './failure.ts';
import { portHolder } from './port-holder.ts';

/** Which flag moves which server elsewhere. */
const FLAG_OF = { broker: '--port', console: '--http-port', api: '--api-port' } as const;

/** Errors whose message already is the sentence for a person, with its way out. */
const TOLD_BY_NAME = [
  'DataDirectoryError',
  'ListenerSettingsError',
  'ConfigError',
  'ListenError',
  'GatewayStartError',
];

interface PortFailure {
  readonly code: string;
  readonly port: number;
  readonly server: keyof typeof FLAG_OF;
}

interface DiskFailure {
  readonly code: string;
  readonly message: string;
}

function isPortFailure(error: unknown): error is PortFailure {
  const { code, port, server } = error as Partial<PortFailure>;
  return typeof code === 'string' && typeof port === 'number' && server !== undefined && server in FLAG_OF;
}

export function failureToStart(error: unknown): unknown {
  if (isPortFailure(error)) return describePort(error);
  const { name, message } = error as { name?: string; message?: string };
  if (name === 'FileSystemError') return describeDisk(error as DiskFailure);
  if (name !== undefined && TOLD_BY_NAME.includes(name))
    return new CommandError(message ?? 'The broker cannot start.');
  return error;
}

function describeDisk({ code, message }: DiskFailure): CommandError {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CommandError(
      `The disk is full: not even the small files of a start can be written (${message}). Nothing acknowledged is lost.`,
      { wayOut: 'Free some space on it, and start again.' },
    );
  return new CommandError(
    `The disk failed while the data directory was opened (${message}). What was acknowledged is not touched by this start.`,
    { wayOut: 'Check the disk and the rights on the directory, and start again.' },
  );
}

function describePort({ code, port, server }: PortFailure): CommandError {
  const flag = FLAG_OF[server];
  if (code === 'EADDRINUSE') {
    const holder = portHolder(port);
    return new CommandError(
      `Port ${port} (${server}) is in use${holder === null ? '' : ` by ${holder}`}. Nothing was changed.`,
      {
        wayOut: `Stop that program, or choose another port: ${flag} NUMBER (0 takes any free one).`,
      },
    );
  }
  if (code === 'EACCES') {
    return new CommandError(`Port ${port} (${server}) may not be opened by this user.`, {
      wayOut: `Choose one above 1023: ${flag} NUMBER.`,
    });
  }
  return new CommandError(`Port ${port} (${server}) cannot be opened: ${code}.`, {
    wayOut: `Choose another address with --host, or another port with ${flag}.`,
  });
}
