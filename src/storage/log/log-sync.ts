// What one log has to make durable, and how far it is: files with unsynced bytes, names not yet durable in their
// directory. One pass takes all of it, syncs the files in the pool, all at once (the first batch of a partition has three, and
// whoever joins a new group waits for them), then the directories, and moves the durable offset to what was written when
// it began. A sync that failed is never tried again: the kernel may have dropped the bytes, and a second
// call that succeeds would prove nothing (the log goes offline).

import type { CachedFile } from '../fs/file-cache.ts';
import type { FileSystem } from '../fs/file-system.ts';
import type { SyncPace } from './sync-pace.ts';

interface Work {
  readonly files: ReadonlySet<CachedFile>;
  readonly directories: ReadonlySet<string>;
}

type SyncStep = (callback: (error: Error | null) => void) => void;

export class LogSync {
  readonly #fileSystem: FileSystem;
  readonly #pace: SyncPace;
  #files = new Set<CachedFile>();
  #directories = new Set<string>();
  /** Their files are about to go: nothing of them has to last. */
  readonly #forgotten = new WeakSet<CachedFile>();
  #isAbandoned = false;
  /** Batches since the last pass began. */
  #batchCount = 0;
  /** What the pass in flight took. */
  #running: Work | null = null;

  constructor(fileSystem: FileSystem, pace: SyncPace) {
    this.#fileSystem = fileSystem;
    this.#pace = pace;
  }

  get hasWork(): boolean {
    return this.#running !== null || this.#files.size > 0 || this.#directories.size > 0;
  }

  covers(file: CachedFile): boolean {
    return this.#files.has(file);
  }

  addFile(file: CachedFile): void {
    this.#files.add(file);
  }

  noteBatch(): void {
    this.#batchCount += 1;
  }

  /** The files of these paths go: they need no sync, and may be gone when a pass in flight comes to them. */
  forget(paths: ReadonlySet<string>): void {
    for (const file of [...this.#files, ...(this.#running?.files ?? [])]) {
      if (!paths.has(file.path)) continue;
      this.#forgotten.add(file);
      this.#files.delete(file);
    }
  }

  /** Names in it were made, renamed or removed. */
  addDirectory(path: string): void {
    this.#directories.add(path);
  }

  /** Files first, so that a name is never durable before what it stands for. One pass at a time. */
  run(callback: (error: Error | null) => void): void {
    const [loneFile] = this.#files;
    if (loneFile !== undefined && !this.#isAbandoned && this.#isLoneBatch() && this.#pace.isQuick) {
      this.#take();
      callback(this.#syncInTurn(loneFile));
      return;
    }
    this.#running = this.#take();
    const { files, directories } = this.#running;
    const fileSteps = Array.from(files, (file): SyncStep => {
      return done => (this.#forgotten.has(file) ? done(null) : this.#syncFile(file, done));
    });
    const directorySteps = Array.from(directories, (directory): SyncStep => {
      return done => this.#fileSystem.syncDirectoryLater(directory, done);
    });
    const end = (error: Error | null): void => {
      this.#running = null;
      callback(error);
    };
    this.#runAtOnce(fileSteps, error => {
      if (error !== null) end(error);
      else this.#runAtOnce(directorySteps, end);
    });
  }

  /** Nothing more is synced: the directory is about to get another name. A pass in flight ends with what it has begun. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#take();
  }

  /** Also what a pass in flight has not finished. */
  runNow(): void {
    const running = this.#running;
    const { files, directories } = this.#take();
    for (const file of new Set([...(running?.files ?? []), ...files]))
      if (!this.#forgotten.has(file)) file.syncNow();
    for (const directory of new Set([...(running?.directories ?? []), ...directories]))
      this.#fileSystem.syncDirectory(directory);
  }

  #isLoneBatch(): boolean {
    return this.#batchCount === 1 && this.#files.size === 1 && this.#directories.size === 0;
  }

  #syncInTurn(file: CachedFile): Error | null {
    const ended = this.#pace.start();
    try {
      file.syncNow();
      return null;
    } catch (error) {
      return error as Error;
    } finally {
      ended();
    }
  }

  #syncFile(file: CachedFile, done: (error: Error | null) => void): void {
    const ended = this.#pace.start();
    file.sync(error => {
      ended();
      done(error);
    });
  }

  #take(): Work {
    const taken = { files: this.#files, directories: this.#directories };
    this.#files = new Set();
    this.#directories = new Set();
    this.#batchCount = 0;
    return taken;
  }

  /** Calls back when the last has ended, with the first error: nothing is in flight any more then. */
  #runAtOnce(steps: readonly SyncStep[], callback: (error: Error | null) => void): void {
    let left = steps.length;
    if (left === 0 || this.#isAbandoned) {
      callback(null);
      return;
    }
    let failure: Error | null = null;
    const done = (error: Error | null): void => {
      failure ??= error;
      left -= 1;
      if (left === 0) callback(failure);
    };
    for (const step of steps) {
      try {
        step(done);
      } catch (error) {
        done(error as Error);
      }
    }
  }
}
