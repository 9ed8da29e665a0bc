// What the kernel says of a process: resident memory and processor time. Linux only; null elsewhere.

import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second; the value of every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

export function residentMegabytes(pid: number): number | null {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(statusOf(pid))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

export function processorSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

/** The process itself, or the one it started to do its work (a launcher's child). */
export function workerOf(pid: number): number {
  const children = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => new RegExp(`^PPid:\\s+${pid}$`, 'm').test(statusOf(Number(name))));
  return children.length === 1 ? Number(children[0]) : pid;
}
