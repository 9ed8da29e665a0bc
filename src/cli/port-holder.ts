// Who holds a TCP port, where the machine tells: on Linux /proc/net/tcp gives the socket's inode, and the process whose
// descriptors point at that inode is the holder. Elsewhere, or for another user's process, nobody is named.

import { linkTargetIfAny, listIfAny, readTextIfAny } from '../host-files.ts';

const LISTEN_STATE = '0A';
const COMMAND_LENGTH_MAX = 60;

/** For example `process 4711 (node server.js)`, or null when it cannot be known. */
export function portHolder(port: number): string | null {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return null;
  for (const pid of listIfAny('/proc').filter(name => /^\d+$/.test(name))) {
    const holds = listIfAny(`/proc/${pid}/fd`).some(descriptor => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkTargetIfAny(`/proc/${pid}/fd/${descriptor}`) ?? '')?.[1];
      return inode !== undefined && inodes.has(inode);
    });
    if (holds) return `process ${pid}${commandOf(pid)}`;
  }
  return null;
}

function listeningInodes(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (readTextIfAny(table) ?? '').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${wanted}`) && fields[3] === LISTEN_STATE && fields[9] !== undefined)
        inodes.add(fields[9]);
    }
  }
  return inodes;
}

function commandOf(pid: string): string {
  const words = (readTextIfAny(`/proc/${pid}/cmdline`) ?? '').split('\0').filter(word => word !== '');
  if (words.length === 0) return '';
  const command = words.join(' ');
  return ` (${command.length > COMMAND_LENGTH_MAX ? `${command.slice(0, COMMAND_LENGTH_MAX)}…` : command})`;
}
