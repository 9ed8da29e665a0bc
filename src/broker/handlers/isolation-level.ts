// How much of a log a consumer sees: everything that is safe, or only what no open transaction may take back
// (Apache Kafka's IsolationLevel). Other numbers on the wire are an error of the whole request.

export const IsolationLevel = { READ_UNCOMMITTED: 0, READ_COMMITTED: 1 } as const;

export function isIsolationLevel(level: number): boolean {
  return level === IsolationLevel.READ_UNCOMMITTED || level === IsolationLevel.READ_COMMITTED;
}
