// What a broker did, in order: to its files and on its sockets. And the rule that is demanded of it: an answer leaves only
// after the syncs of all that it rests on. Each answer names byte strings ("marks") that stand in what was written for it;
// every write that holds one of them before the answer began must have been followed by a completed sync of its file, and,
// where the file or a directory above it was made or renamed before, of the directory that holds the name.
// Two more rules need no answer: a recovery point never lies behind a batch that is not synced, and the clean-shutdown
// marker appears only when every file beside it is. The events come from recording.ts or strace.ts.

import { baseOffset, sizeInBytes } from '../../src/protocol/records/batch-header.ts';

/** Times are positions in the trace: `begin` when the call was made, `end` when it was over. */
interface During {
  readonly begin: number;
  readonly end: number;
}

export type TraceEvent = During &
  (
    | { readonly kind: 'write'; readonly path: string; readonly bytes: Buffer }
    /** Of a file or a directory; only those that succeeded. */
    | { readonly kind: 'sync'; readonly path: string }
    | { readonly kind: 'create' | 'make directory' | 'remove'; readonly path: string }
    | { readonly kind: 'rename'; readonly path: string; readonly to: string }
    /** Bytes to the client whose port is `peer`. */
    | { readonly kind: 'send'; readonly peer: number; readonly bytes: Buffer }
  );

/** An answer as the client saw it. */
export interface Answer {
  readonly what: string;
  /** The client's port. */
  readonly peer: number;
  readonly correlationId: number;
  readonly marks: readonly Buffer[];
}

interface Write extends During {
  readonly bytes: Buffer;
}

/** A file or directory through all its names. */
class Node {
  readonly writes: Write[] = [];
  readonly syncs: During[] = [];
  /** When it got a name, and in which directory. */
  readonly names: { readonly directory: Node; readonly at: During }[] = [];
  readonly children = new Map<string, Node>();
  path: string;
  isGone = false;

  constructor(path: string) {
    this.path = path;
  }

  isSynced(since: number, until: number): boolean {
    return this.syncs.some(({ begin, end }) => begin > since && end < until);
  }

  /** Why what was written at `since` may be gone after a power cut at `until`; null when it may not. */
  risk(since: number, until: number): string | null {
    if (!this.isSynced(since, until)) return `${this.path} was not synced`;
    return this.nameRisk(until);
  }

  nameRisk(until: number): string | null {
    const name = this.names.findLast(({ at }) => at.end < until);
    if (name === undefined) return null;
    if (!name.directory.isSynced(name.at.end, until))
      return `${name.directory.path} was not synced since ${this.path} got its name`;
    return name.directory.nameRisk(until);
  }
}

const RECOVERY_POINTS = 'recovery-point-offset-checkpoint';
const CLEAN_SHUTDOWN = '.kafka_cleanshutdown';
/** Whatever a clean stop vouches for. */
const VOUCHED_FOR = /\.(log|index|timeindex|txnindex|snapshot)$|checkpoint$|partition\.metadata$/;

export class Trace {
  readonly #root = new Node('');
  /** That were ever written, those that are gone included. */
  readonly #files = new Set<Node>();
  readonly #streams = new Map<number, { begin: number; bytes: Buffer }[]>();
  readonly violations: string[] = [];
  writeCount = 0;
  syncCount = 0;

  constructor(events: readonly TraceEvent[]) {
    for (const event of [...events].sort((a, b) => a.begin - b.begin)) this.#take(event);
  }

  #take(event: TraceEvent): void {
    if (event.kind === 'send') {
      const stream = this.#streams.get(event.peer) ?? [];
      this.#streams.set(event.peer, stream);
      stream.push(event);
      return;
    }
    const node = this.#node(event.path);
    switch (event.kind) {
      case 'write':
        this.writeCount += 1;
        this.#files.add(node);
        node.writes.push(event);
        break;
      case 'sync':
        this.syncCount += 1;
        node.syncs.push(event);
        break;
      case 'remove':
        node.isGone = true;
        this.#parent(event.path).children.delete(nameOf(event.path));
        break;
      case 'rename':
        this.#rename(node, event.path, event);
        break;
      default:
        // Opened to be made if absent: it is there.
        if (node.names.length === 0) node.names.push({ directory: this.#parent(event.path), at: event });
    }
  }

  #rename(node: Node, from: string, event: TraceEvent & { kind: 'rename' }): void {
    this.#parent(from).children.delete(nameOf(from));
    const replaced = this.#parent(event.to).children.get(nameOf(event.to));
    if (replaced !== undefined) replaced.isGone = true;
    this.#parent(event.to).children.set(nameOf(event.to), node);
    setPath(node, event.to);
    node.names.push({ directory: this.#parent(event.to), at: event });
    if (nameOf(event.to) === RECOVERY_POINTS) this.#checkRecoveryPoints(node, event);
    if (nameOf(event.to) === CLEAN_SHUTDOWN) this.#checkCleanShutdown(node, event);
  }

  #node(path: string): Node {
    let node = this.#root;
    for (const name of path.split('/').filter(part => part !== '')) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = new Node(`${node.path}/${name}`);
        node.children.set(name, child);
      }
      node = child;
    }
    return node;
  }

  #parent(path: string): Node {
    return this.#node(path.slice(0, path.lastIndexOf('/')));
  }

  #checkRecoveryPoints(checkpoint: Node, at: During): void {
    const text = checkpoint.writes.at(-1)?.bytes.toString() ?? '';
    for (const [, topic, partition, offset] of text.matchAll(/^(\S+) (\d+) (\d+)$/gm)) {
      const directory = this.#parent(checkpoint.path).children.get(`${topic}-${partition}`);
      for (const [name, file] of directory?.children ?? [])
        for (const { begin, end, bytes } of name.endsWith('.log') ? file.writes : [])
          if (begin < at.begin && firstOffset(bytes) < Number(offset)) {
            const risk = file.risk(end, at.begin);
            if (risk !== null)
              this.violations.push(`recovery point ${offset} of ${topic}-${partition}: ${risk}`);
          }
    }
  }

  #checkCleanShutdown(marker: Node, at: During): void {
    const home = `${this.#parent(marker.path).path}/`;
    for (const file of this.#files) {
      const last = file.writes.at(-1);
      if (last === undefined || file.isGone) continue;
      if (!file.path.startsWith(home) || !VOUCHED_FOR.test(file.path)) continue;
      // Directories that were set aside are nobody's concern.
      if (/-(delete|stray)\//.test(file.path)) continue;
      const risk = file.risk(last.end, at.begin);
      if (risk !== null) this.violations.push(`clean-shutdown marker: ${risk}`);
    }
  }

  /** Answers how many writes the answers rest on; what is wrong goes to `violations`. */
  check(answers: readonly Answer[]): number {
    const sentAt = new Map([...this.#streams].map(([peer, stream]) => [peer, framesOf(stream)]));
    let dependencies = 0;
    for (const answer of answers) {
      const until = sentAt.get(answer.peer)?.get(answer.correlationId);
      if (until === undefined) {
        this.violations.push(`${answer.what}: the answer is not in the trace`);
        continue;
      }
      for (const mark of answer.marks) dependencies += this.#checkMark(answer.what, mark, until);
    }
    return dependencies;
  }

  #checkMark(what: string, mark: Buffer, until: number): number {
    let found = 0;
    for (const file of this.#files)
      for (const { begin, end, bytes } of file.writes) {
        if (begin >= until || !bytes.includes(mark)) continue;
        found += 1;
        if (file.names.length === 0)
          this.violations.push(`${what}: how ${file.path} was made is not in the trace`);
        const risk = file.risk(end, until);
        if (risk !== null) this.violations.push(`${what}: ${risk} before the answer`);
      }
    if (found === 0) this.violations.push(`${what}: nothing was written for it before the answer`);
    return found;
  }
}

function setPath(node: Node, path: string): void {
  node.path = path;
  for (const [name, child] of node.children) setPath(child, `${path}/${name}`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Of the batches in one write; -1 when it holds none. */
function firstOffset(bytes: Buffer): number {
  if (bytes.length < 61 || sizeInBytes(bytes, 0) > bytes.length) return -1;
  return baseOffset(bytes, 0);
}

/** When the first byte of each answer left, by correlation id. */
function framesOf(stream: readonly { begin: number; bytes: Buffer }[]): Map<number, number> {
  const frames = new Map<number, number>();
  const bytes = Buffer.concat(stream.map(part => part.bytes));
  const ends: number[] = [];
  let total = 0;
  for (const part of stream) {
    total += part.bytes.length;
    ends.push(total);
  }
  let part = 0;
  for (let at = 0; at + 8 <= bytes.length; at += 4 + bytes.readInt32BE(at)) {
    while (ends[part]! <= at) part += 1;
    frames.set(bytes.readInt32BE(at + 4), stream[part]!.begin);
  }
  return frames;
}
