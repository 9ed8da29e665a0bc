// Asks the system's resolver about names of hosts.

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

/** Empty for a name that resolves to none. */
export async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
