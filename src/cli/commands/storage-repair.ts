// `millrace storage repair`: mends what verify finds, as far as it can be mended. Without --yes it only says what it would
// do. The broker must be stopped: the directory is locked meanwhile. Every byte that leaves a log is kept beside it.

import process from 'node:process';
import { DataDirectoryError } from '../../storage/data-dir/data-directory-error.ts';
import { DirectoryLock, systemProcesses } from '../../storage/data-dir/lock.ts';
import { NodeFileSystem } from '../../storage/fs/node.ts';
import { planRepair, repairDirectory } from '../../storage/inspection/repair.ts';
import { CommandError, ExitCode } from '../failure.ts';
import { findingLine, textOf, verify } from './storage-verify.ts';

export async function runStorageRepair(directory: string, flags: { readonly yes?: boolean }): Promise<void> {
  const fileSystem = new NodeFileSystem();
  verify(fileSystem, directory);
  const lock = lockOf(fileSystem, directory);
  try {
    const { findings } = verify(fileSystem, directory);
    const plan = planRepair(findings);
    const say = (text: string): void => void process.stdout.write(`${text}\n`);
    if (plan.length === 0) {
      say('There is nothing to repair.');
      for (const found of findings) say(findingLine(found));
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = ExitCode.failed;
      return;
    }
    for (const { finding, repair } of plan) say(`${findingLine(finding)}\n         -> ${repair.action}.`);
    if (flags.yes !== true)
      return say('Nothing was changed. Make a copy of the directory, then run this again with --yes.');
    repairDirectory(fileSystem, directory, findings);
    say(`Done. Afterwards:\n${textOf(directory, verify(fileSystem, directory)).trimEnd()}`);
  } finally {
    lock.release();
  }
}

function lockOf(fileSystem: NodeFileSystem, directory: string): DirectoryLock {
  try {
    return DirectoryLock.take(fileSystem, directory, systemProcesses);
  } catch (error) {
    if (error instanceof DataDirectoryError) throw new CommandError(error.message);
    throw error;
  }
}
