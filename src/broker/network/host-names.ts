// Asks the system's resolver whether names are hosts.

import { lookup } from 'node:dns/promises';

/** The names that resolve to no address. */
export async function unresolvedAmong(names: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const unresolved = new Set<string>();
  for (const name of names) {
    try {
      await lookup(name);
    } catch {
      unresolved.add(name);
    }
  }
  return unresolved;
}
