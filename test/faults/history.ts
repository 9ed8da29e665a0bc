// What clients did and were told, and what readers saw, judged as Jepsen's Kafka workload does, for one node. Values are
// unique over the whole history. An operation whose answer never came is `unknown`: it may have happened or not, but not
// by halves. The checker knows no broker: it is a function of the history, tested on histories that hold each anomaly.

export type Outcome = 'ok' | 'failed' | 'unknown';

export interface Send {
  readonly value: string;
  readonly partition: string;
  /** null for a plain producer, whose record may stand twice when it was sent twice. */
  readonly producer: string | null;
  readonly transaction: string | null;
  outcome: Outcome;
  /** Of the acknowledgement. */
  offset: number | null;
}

export interface Transaction {
  readonly id: string;
  isCommit: boolean;
  /** Of its end. `ok` and `isCommit`: committed; what is not `unknown` otherwise was aborted. */
  outcome: Outcome;
}

/** Everything that a reader saw of a partition from its start to its end, at one time. */
export interface Read {
  readonly partition: string;
  readonly isolation: 'uncommitted' | 'committed';
  readonly records: readonly { readonly offset: number; readonly value: string }[];
  readonly endOffset: number;
}

/** Committed offsets of one group's partition, in order: commits and what was read of them. */
export interface OffsetEvent {
  readonly group: string;
  readonly kind: 'commit' | 'read';
  readonly offset: number;
  readonly outcome: Outcome;
}

export interface History {
  readonly sends: Send[];
  readonly transactions: Map<string, Transaction>;
  readonly reads: Read[];
  readonly offsets: OffsetEvent[];
}

export type AnomalyName =
  | 'lost write'
  | 'moved offset'
  | 'inconsistent offset'
  | 'duplicate'
  | 'unknown value'
  | 'failed write read'
  | 'aborted read'
  | 'torn transaction'
  | 'end went back'
  | 'record went away'
  | 'order'
  | 'committed offset lost';

export interface Anomaly {
  readonly name: AnomalyName;
  readonly detail: string;
}

export function newHistory(): History {
  return { sends: [], transactions: new Map(), reads: [], offsets: [] };
}

export function anomaliesOf(history: History): Anomaly[] {
  const found: Anomaly[] = [];
  const report = (name: AnomalyName, detail: string): void => void found.push({ name, detail });
  const sends = new Map(history.sends.map(send => [send.value, send]));
  checkReads(history, sends, report);
  checkProgress(history, report);
  checkSends(history, report);
  checkTransactions(history, report);
  checkOffsets(history, report);
  return found;
}

type Report = (name: AnomalyName, detail: string) => void;

const isCommitted = (transaction: Transaction | undefined): boolean =>
  transaction?.isCommit === true && transaction.outcome === 'ok';
const isAborted = (transaction: Transaction | undefined): boolean =>
  transaction !== undefined && !isCommitted(transaction) && transaction.outcome !== 'unknown';

/** Each record by itself: was it ever sent, here, and may this reader see it? */
function checkReads(history: History, sends: ReadonlyMap<string, Send>, report: Report): void {
  const valueAt = new Map<string, string>();
  for (const { partition, isolation, records, endOffset } of history.reads) {
    const offsets = new Map<string, number>();
    let previous = -1;
    for (const { offset, value } of records) {
      const where = `${partition}@${offset}`;
      const send = sends.get(value);
      if (send === undefined || send.partition !== partition) report('unknown value', `${where}: ${value}`);
      if (send?.outcome === 'failed') report('failed write read', `${where}: ${value}`);
      if (send?.outcome === 'ok' && send.offset !== null && send.producer !== null && send.offset !== offset)
        report('moved offset', `${value} was acknowledged at ${send.offset} and is at ${where}`);
      if (send?.transaction != null && isolation === 'committed') {
        if (isAborted(history.transactions.get(send.transaction)))
          report('aborted read', `${where}: ${value}`);
      }
      if (offset <= previous || offset >= endOffset) report('order', `${where} behind ${previous}`);
      previous = offset;
      const other = valueAt.get(where);
      if (other !== undefined && other !== value)
        report('inconsistent offset', `${where}: ${other}, ${value}`);
      valueAt.set(where, value);
      if (offsets.has(value) && send?.producer !== null)
        report('duplicate', `${value} at ${partition}@${offsets.get(value)} and ${offset}`);
      offsets.set(value, offset);
    }
  }
}

/** Reads of one partition, one after another: the end never goes back, what was seen stays. */
function checkProgress(history: History, report: Report): void {
  const last = new Map<string, Read>();
  for (const read of history.reads) {
    const key = `${read.partition} ${read.isolation}`;
    const before = last.get(key);
    last.set(key, read);
    if (before === undefined) continue;
    if (read.endOffset < before.endOffset)
      report('end went back', `${key}: ${before.endOffset}, then ${read.endOffset}`);
    const now = new Set(read.records.map(({ offset, value }) => `${offset} ${value}`));
    for (const { offset, value } of before.records)
      if (!now.has(`${offset} ${value}`)) report('record went away', `${key}: ${value} at ${offset}`);
  }
}

/** By the last read of each partition. */
function lastSeen(history: History, isolation: Read['isolation']): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const read of history.reads)
    if (read.isolation === isolation)
      seen.set(read.partition, new Set(read.records.map(({ offset, value }) => `${value} ${offset}`)));
  return seen;
}

function checkSends(history: History, report: Report): void {
  const seen = lastSeen(history, 'uncommitted');
  for (const { value, partition, outcome, offset } of history.sends) {
    const values = seen.get(partition);
    if (outcome !== 'ok' || offset === null || values === undefined) continue;
    if (!values.has(`${value} ${offset}`))
      report('lost write', `${value}, acknowledged at ${partition}@${offset}`);
  }
}

function checkTransactions(history: History, report: Report): void {
  const seen = new Map<string, { readonly values: ReadonlySet<string>; readonly endOffset: number }>();
  for (const { partition, isolation, records, endOffset } of history.reads)
    if (isolation === 'committed')
      seen.set(partition, { values: new Set(records.map(({ value }) => value)), endOffset });
  const sends = Map.groupBy(
    history.sends.filter(send => send.transaction !== null && send.outcome === 'ok'),
    send => send.transaction!,
  );
  for (const [id, members] of sends) {
    // Behind the last stable offset, which another transaction holds that is still open, nothing is shown.
    const known = members.filter(({ partition, offset }) => (seen.get(partition)?.endOffset ?? 0) > offset!);
    const there = known.filter(({ partition, value }) => seen.get(partition)!.values.has(value));
    if (there.length > 0 && there.length < known.length)
      report('torn transaction', `${id}: ${there.length} of ${known.length} records`);
    if (isCommitted(history.transactions.get(id)) && there.length < known.length)
      report(
        'lost write',
        `${there.length} of ${known.length} records of transaction ${id}, which was committed`,
      );
  }
}

/** Offsets of a group only grow in these histories: what was acknowledged is the least that is read later. */
function checkOffsets(history: History, report: Report): void {
  const least = new Map<string, number>();
  const most = new Map<string, number>();
  for (const { group, kind, offset, outcome } of history.offsets) {
    if (kind === 'commit') {
      most.set(group, Math.max(most.get(group) ?? -1, outcome === 'failed' ? -1 : offset));
      if (outcome === 'ok') least.set(group, Math.max(least.get(group) ?? -1, offset));
      continue;
    }
    if (offset < (least.get(group) ?? -1))
      report('committed offset lost', `${group}: ${least.get(group)} was acknowledged, ${offset} is read`);
    if (offset > (most.get(group) ?? -1))
      report('unknown value', `${group}: offset ${offset} was never committed`);
    least.set(group, Math.max(least.get(group) ?? -1, offset));
  }
}
