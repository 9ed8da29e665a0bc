// System calls of a process by `strace`: where it is there and may be used, how it is started, and what it wrote as events
// of trace.ts. Only calls that succeeded become events; a sync lasts from its line `<unfinished ...>` to the one that
// resumes it.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TraceEvent } from './trace.ts';

const TRACED =
  'openat,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,sendto,sendmsg';
/** Longer strings would be cut, and the reader refuses them. */
const STRING_BYTES_MAX = 1 << 20;

/** Why it cannot be used here; null when it can. */
export function whyNoStrace(): string | null {
  const tried = spawnSync('strace', ['-f', '-qq', '--seccomp-bpf', '-e', 'trace=fsync', 'true'], {
    encoding: 'utf8',
  });
  if (tried.error !== undefined) return 'strace is not installed';
  return tried.status === 0 ? null : `strace may not trace here: ${tried.stderr.trim().slice(0, 200)}`;
}

/** The words before the program and its own. */
export function tracingTo(file: string): string[] {
  const options = ['-f', '-qq', '-yy', '--seccomp-bpf', '-xx', '-s', String(STRING_BYTES_MAX)];
  return ['strace', ...options, '-e', `trace=${TRACED}`, '-e', 'signal=none', '-o', file];
}

/**
 * Sends the process that does it the signal, or fails the call, at the `when`-th of these calls in one of its threads. With
 * seccomp filters strace 6.1 fails calls but sends no signals.
 */
export function injecting(calls: string, effect: string, when: string): string[] {
  const filter = effect.startsWith('signal') ? [] : ['--seccomp-bpf'];
  const what = ['-e', `trace=${calls}`, '-e', `inject=${calls}:${effect}:when=${when}`, '-e', 'signal=none'];
  return ['strace', '-f', '-qq', ...filter, '-o', '/dev/null', ...what];
}

interface Call {
  readonly name: string;
  readonly words: string;
  readonly begin: number;
  readonly end: number;
}

export function readStrace(file: string): TraceEvent[] {
  return [...callsOf(readFileSync(file, 'latin1'))].flatMap(eventsOf);
}

function* callsOf(text: string): Generator<Call> {
  const unfinished = new Map<string, { text: string; begin: number }>();
  let line = 0;
  for (const whole of text.split('\n')) {
    line += 1;
    const [, thread, rest] = /^(\d+) +(.*)$/.exec(whole) ?? [];
    if (thread === undefined || rest === undefined) continue;
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, { text: rest.slice(0, -'<unfinished ...>'.length), begin: line });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const first = resumed === null ? { text: '', begin: line } : unfinished.get(thread);
    if (first === undefined) continue;
    const call = first.text + (resumed === null ? rest : resumed[1]!);
    const [, name, words, result] = /^(\w+)\((.*)\) += (-?\d+)/.exec(call) ?? [];
    if (name !== undefined && words !== undefined && Number(result) >= 0)
      yield { name, words, begin: first.begin, end: line };
  }
}

const STRING = /"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g;

function strings(words: string): Buffer[] {
  return [...words.matchAll(STRING)].map(([, hex, isCut]) => {
    if (isCut !== undefined) throw new Error(`a string of more than ${STRING_BYTES_MAX} bytes`);
    return Buffer.from(hex!.replaceAll('\\x', ''), 'hex');
  });
}

/** Of the descriptor that is the first argument. */
function pathOf(words: string): string | null {
  const hex = /^\d+<((?:\\x[0-9a-f]{2})+)>/.exec(words)?.[1];
  return hex === undefined ? null : Buffer.from(hex.replaceAll('\\x', ''), 'hex').toString();
}

function eventsOf({ name, words, begin, end }: Call): TraceEvent[] {
  const at = { begin, end };
  const path = pathOf(words);
  switch (name) {
    case 'fsync':
    case 'fdatasync':
      return path === null ? [] : [{ kind: 'sync', path, ...at }];
    case 'openat':
    case 'creat': {
      const named = strings(words)[0]?.toString();
      return named !== undefined && (name === 'creat' || words.includes('O_CREAT'))
        ? [{ kind: 'create', path: named, ...at }]
        : [];
    }
    case 'mkdir':
    case 'mkdirat':
      return [{ kind: 'make directory', path: strings(words)[0]!.toString(), ...at }];
    case 'unlink':
    case 'unlinkat':
    case 'rmdir':
      return [{ kind: 'remove', path: strings(words)[0]!.toString(), ...at }];
    case 'rename':
    case 'renameat':
    case 'renameat2': {
      const [from, to] = strings(words).map(String);
      return [{ kind: 'rename', path: from!, to: to!, ...at }];
    }
    default: {
      const peer = /^\d+<TCP(?:v6)?:\[.*?->.*?:(\d+)\]+>/.exec(words)?.[1];
      const bytes = Buffer.concat(strings(words));
      if (peer !== undefined) return [{ kind: 'send', peer: Number(peer), bytes, ...at }];
      return path === null ? [] : [{ kind: 'write', path, bytes, ...at }];
    }
  }
}
