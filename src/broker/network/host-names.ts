// Asks the system's resolver about names of hosts.

import process from 'node:process';

/** The names that resolve to no address. */
export async function unresolvedAmong(names: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const unresolved = new Set<string>();
  for (const name of names) {
    try {
      await resolver().lookup(name);
    } catch {
      unresolved.add(name);
    }
  }
  return unresolved;
}

/** Empty for a name that resolves to none. */
export async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return (await resolver().lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** Loaded for the first name: most brokers are given none. */
function resolver() {
  return process.getBuiltinModule('node:dns/promises');
}
