// How a command ends badly: one sentence on stderr, a way out, an exit code. No stack trace for what a person can mend.

/** 0 is success; the others are documented in --help. */
export const ExitCode = { failed: 1, usage: 2, cannotConnect: 3, interrupted: 130 } as const;

/** A failure that a person can understand and mend. */
export class CommandError extends Error {
  readonly wayOut: string | null;
  readonly exitCode: number;

  constructor(message: string, options: { wayOut?: string; exitCode?: number } = {}) {
    super(message);
    this.wayOut = options.wayOut ?? null;
    this.exitCode = options.exitCode ?? ExitCode.failed;
  }
}

/** The lines to print for any thrown value. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  if (error instanceof CommandError) {
    const wayOut = error.wayOut === null ? '' : `\n  ${error.wayOut}`;
    return { text: `millrace: ${error.message}${wayOut}\n`, exitCode: error.exitCode };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    text: `millrace: something unexpected happened; the data directory is as the last acknowledgement left it.\n${detail}\n`,
    exitCode: ExitCode.failed,
  };
}
