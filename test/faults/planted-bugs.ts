// The bugs that planted.ts plants: where, what, and which test must notice. Most are losses that other systems shipped.

export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  /** Occurs once. */
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

const CRASHES = 'src/storage/crash.test.ts';
const TRACE = 'test/faults/trace.test.ts';
const LOG = 'src/storage/log';

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'acknowledged before the sync',
    file: `${LOG}/partition-log.ts`,
    from: "    if (context.durability === 'always') {\n      this.requestSync();\n      return;",
    to: "    if (context.durability === 'always') {\n      this.requestSync();\n      this.#advance(tail.writtenEndOffset);\n      return;",
    test: CRASHES,
  },
  {
    name: 'directories are not synced',
    file: `${LOG}/log-sync.ts`,
    from: 'Array.from(directories, (directory): SyncStep',
    to: 'Array.from([] as string[], (directory): SyncStep',
    test: CRASHES,
  },
  {
    name: 'a failed sync counts as done',
    file: `${LOG}/partition-log.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text, as it stands there
    from: 'else this.#goOffline(`A sync failed (${error.message}).`);\n      done();\n      if (error === null && context',
    to: 'done();\n      if (context',
    test: `${LOG}/faults.test.ts`,
  },
  {
    name: 'recovery trusts checksums',
    file: `${LOG}/next-batch.ts`,
    from: '    verifyCrc(buffer, at)\n',
    to: '    verifyCrc !== null\n',
    test: CRASHES,
  },
  {
    name: 'readers are served unchecked bytes',
    file: `${LOG}/sound-read.ts`,
    from: '    if (!isKnown && !(',
    to: '    if (start < 0 && !(',
    test: `${LOG}/bit-rot.test.ts`,
  },
  {
    name: 'a damaged base offset is believed',
    file: `${LOG}/next-batch.ts`,
    from: '  if (baseOffset(at.buffer, at.at) === nextOffset) return false;',
    to: '  if (nextOffset >= 0) return false;',
    test: `${LOG}/bit-rot.test.ts`,
  },
  {
    name: 'damage cuts the log below the recovery point',
    file: `${LOG}/segment-recovery.ts`,
    from: '  const position = nextValidPosition(segment, damaged);\n',
    to: '  const position = nextOffset < 0 ? nextValidPosition(segment, damaged) : null;\n',
    test: 'src/storage/damage.test.ts',
  },
  {
    name: 'what is cut is not kept',
    file: `${LOG}/recovery.ts`,
    from: '    const kept = quarantineTail(',
    to: '    const kept = ((..._: unknown[]) => ({ path: null, hadNoRoom: false }) as { path: string | null; hadNoRoom: boolean })(',
    test: 'src/storage/damage.test.ts',
  },
  {
    name: 'producers are forgotten by recovery',
    file: `${LOG}/segment-recovery.ts`,
    from: '    const completed = state.producers.apply(produced, first);',
    to: '    const completed = null as { isAborted: boolean } | null as ReturnType<typeof state.producers.apply>;',
    test: CRASHES,
  },
  {
    name: 'a write that failed leaves its records behind',
    file: `${LOG}/log-body.ts`,
    from: '    this.tail.dropPending();\n',
    to: '',
    test: `${LOG}/faults.test.ts`,
  },
  {
    name: 'the log start moves before it is kept',
    file: `${LOG}/partition-log.ts`,
    from: '      context.saveLogStartOffsets();\n',
    to: '',
    test: CRASHES,
  },
  {
    name: 'records may use the reserve',
    file: `${LOG}/disk-space.ts`,
    from: '(this.#isFull ? 1.5 : 1) * reserve',
    to: '0 * reserve',
    test: `${LOG}/faults.test.ts`,
  },
  {
    name: 'a full disk takes the log offline',
    file: `${LOG}/partition-log.ts`,
    from: '    if (isDiskFull(error)) this.#body.context.disk.noteFull();\n    else this.#goOffline(message);',
    to: '    this.#goOffline(message);',
    test: `${LOG}/faults.test.ts`,
  },
  {
    name: 'the high watermark is the written end',
    file: `${LOG}/log-tail.ts`,
    from: '    return this.#writtenEndOffset;',
    to: '    return this.#endOffset;',
    test: CRASHES,
  },
  {
    name: 'recovered bytes are shown before they are synced',
    file: `${LOG}/recovery.ts`,
    from: '!this.#isFileUnsynced)) segment.file.syncNow();',
    to: '!this.#isFileUnsynced)) segment.file.size();',
    test: CRASHES,
  },
  {
    name: 'replaced files are not synced before the rename',
    file: 'src/storage/fs/whole-file.ts',
    from: '      file.syncNow();\n',
    to: '',
    test: CRASHES,
  },
  {
    name: 'a checker that misses lost writes',
    file: 'test/faults/history.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text, as it stands there
    from: 'if (!values.has(`${value} ${offset}`))',
    to: 'if (values.size < 0)',
    test: 'test/faults/history.test.ts',
  },
  {
    name: 'answers leave before the sync',
    file: `${LOG}/partition-log.ts`,
    from: "    if (context.durability === 'always') {\n      this.requestSync();\n      return;",
    to: "    if (context.durability === 'always') {\n      this.requestSync();\n      this.#advance(tail.writtenEndOffset);\n      return;",
    test: TRACE,
  },
  {
    name: 'answers leave before the directories are synced',
    file: `${LOG}/log-sync.ts`,
    from: 'Array.from(directories, (directory): SyncStep',
    to: 'Array.from([] as string[], (directory): SyncStep',
    test: TRACE,
  },
  {
    name: 'coordinators and metadata answer before their records are safe',
    file: 'src/broker/runtime/shard.ts',
    from: '    if (log.highWatermark >= this.#endOffset) return Deferred.completed(response);',
    to: '    if (log.highWatermark >= 0) return Deferred.completed(response);',
    test: TRACE,
  },
  {
    name: 'the log start is answered before its name is safe',
    file: 'src/storage/fs/whole-file.ts',
    from: 'fileSystem.syncDirectory(dirname(first.path));',
    to: 'dirname(first.path);',
    test: TRACE,
  },
  {
    name: 'the clean-shutdown marker comes first',
    file: `${LOG}/log-store.ts`,
    from: '    await completeLogs(logs);\n',
    to: '    for (const log of logs) log.complete(() => {});\n',
    test: TRACE,
  },
  {
    name: 'the recovery point is the end of the log',
    file: `${LOG}/partition-log.ts`,
    from: '    return isComplete ? this.#durableOffset : Math.max(0, this.#durableOffset - 1);',
    to: '    return isComplete ? this.logEndOffset : this.logEndOffset;',
    test: CRASHES,
  },
  {
    name: 'a snapshot vouches for indexes that are not synced',
    file: `${LOG}/active-saving.ts`,
    from: '      yield done => file.sync(done);\n',
    to: '      yield done => done(null);\n',
    test: `${LOG}/active-saving.test.ts`,
  },
  {
    name: 'indexes are made anew under a snapshot that vouches for them',
    file: `${LOG}/recovery.ts`,
    from: '    if (from === null) this.#dropSnapshotsInside(firstTorn);\n',
    to: '    if (from === null) this.#changed ||= false;\n',
    test: `${LOG}/active-saving.test.ts`,
  },
  {
    name: 'what is not known to be synced is passed over by its headers',
    file: `${LOG}/synced-batches.ts`,
    from: '    wasSynced(first, last, range.recoveryPoint)\n',
    to: '    wasSynced !== null\n',
    test: CRASHES,
  },
  {
    name: 'what is not known to be synced is shown without a sync',
    file: `${LOG}/synced-batches.ts`,
    from: '  return last < recoveryPoint || (last === recoveryPoint && first < recoveryPoint);',
    to: '  return last <= recoveryPoint + 100;',
    test: CRASHES,
  },
  {
    name: 'headers are believed one by one',
    file: `${LOG}/synced-batches.ts`,
    from: '    if (!isConfirmed) return',
    to: '    if (endOffset < 0) return',
    test: `${LOG}/synced-batches.test.ts`,
  },
  {
    name: 'recovery points of a deleted topic come back',
    file: `${LOG}/store-checkpoints.ts`,
    from: '    if (generation !== this.#generation) return;',
    to: '    if (generation < 0) return;',
    test: `${LOG}/store-saving.test.ts`,
  },
  {
    name: 'a node answers for topics, offsets and members that are not safe',
    file: 'src/broker/runtime/shard.ts',
    from: '    if (log.highWatermark >= this.#endOffset) return Deferred.completed(response);',
    to: '    if (log.highWatermark >= 0) return Deferred.completed(response);',
    test: 'test/simulation/node-crash.test.ts',
  },
];
