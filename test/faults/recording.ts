// A file system that passes everything on and notes it as events of trace.ts, together with what the brokers of this
// process send on their sockets. The same checker as over system calls, without a tool that may be missing.

import { Socket } from 'node:net';
import type { File, FileSystem, OpenMode } from '../../src/storage/fs/file-system.ts';
import type { TraceEvent } from './trace.ts';

type Draft = TraceEvent extends infer Event
  ? Event extends TraceEvent
    ? Omit<Event, 'begin' | 'end'>
    : never
  : never;

export class Recording {
  readonly events: TraceEvent[] = [];
  #time = 0;

  /** Call when the call is made, and what it returns when it succeeded. */
  began(event: Draft): () => void {
    const begin = this.#now();
    return () => void this.events.push({ ...event, begin, end: this.#now() } as TraceEvent);
  }

  during<Result>(event: Draft, call: () => Result): Result {
    const succeeded = this.began(event);
    const result = call();
    succeeded();
    return result;
  }

  #now(): number {
    this.#time += 1;
    return this.#time;
  }

  /** Notes what sockets of the port send until the returned function is called. */
  listenTo(port: () => number): () => void {
    const recording = this;
    const { write } = Socket.prototype;
    Socket.prototype.write = function (this: Socket, ...words: unknown[]) {
      const [bytes] = words;
      if (this.localPort === port() && this.remotePort !== undefined && Buffer.isBuffer(bytes))
        recording.began({ kind: 'send', peer: this.remotePort, bytes: Buffer.from(bytes) })();
      return write.apply(this, words as Parameters<typeof write>);
    } as typeof write;
    return () => {
      Socket.prototype.write = write;
    };
  }
}

export function recorded(fileSystem: FileSystem, recording: Recording): FileSystem {
  const directories = {
    list: fileSystem.list.bind(fileSystem),
    stat: fileSystem.stat.bind(fileSystem),
    freeBytes: fileSystem.freeBytes.bind(fileSystem),
    totalBytes: fileSystem.totalBytes.bind(fileSystem),
    makeDirectory: (path: string) =>
      recording.during({ kind: 'make directory', path }, () => fileSystem.makeDirectory(path)),
    rename: (path: string, to: string) =>
      recording.during({ kind: 'rename', path, to }, () => fileSystem.rename(path, to)),
    remove: (path: string) => recording.during({ kind: 'remove', path }, () => fileSystem.remove(path)),
    removeDirectory: (path: string) =>
      recording.during({ kind: 'remove', path }, () => fileSystem.removeDirectory(path)),
    syncDirectory: (path: string) =>
      recording.during({ kind: 'sync', path }, () => fileSystem.syncDirectory(path)),
    syncDirectoryLater: (path: string, callback: (error: Error | null) => void) => {
      const succeeded = recording.began({ kind: 'sync', path });
      fileSystem.syncDirectoryLater(path, error => {
        if (error === null) succeeded();
        callback(error);
      });
    },
  };
  return {
    ...directories,
    open: (path: string, mode: OpenMode) => {
      if (mode === 'read' || mode === 'write') return recordedFile(fileSystem.open(path, mode), recording);
      return recordedFile(
        recording.during({ kind: 'create', path }, () => fileSystem.open(path, mode)),
        recording,
      );
    },
  };
}

function recordedFile(file: File, recording: Recording): File {
  const { path } = file;
  return {
    path,
    read: file.read.bind(file),
    truncate: file.truncate.bind(file),
    size: file.size.bind(file),
    close: file.close.bind(file),
    write: (buffers, position) =>
      recording.during({ kind: 'write', path, bytes: Buffer.concat(buffers) }, () =>
        file.write(buffers, position),
      ),
    syncNow: () => recording.during({ kind: 'sync', path }, () => file.syncNow()),
    sync: callback => {
      const succeeded = recording.began({ kind: 'sync', path });
      file.sync(error => {
        if (error === null) succeeded();
        callback(error);
      });
    },
  };
}
