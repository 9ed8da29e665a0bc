// Reads accepted sockets into one buffer that all connections share: libuv asks for memory, reads and calls back in
// one go, so the bytes are safe until the callback returns, and not a moment longer. Nothing is allocated per chunk.
// Node offers this (`onread`) only to sockets it constructs, hence the accepted handle is moved to a new socket; that
// is half-private, so where it is not there (or on Windows, where reads are started before the memory is needed and a
// shared buffer would be torn) plain 'data' events do the same, slower.

import { Socket } from 'node:net';

/** One buffer per process: 1 MB is where larger reads stop paying, and small enough to stay in cache. */
export const SHARED_READ_BUFFER_BYTES = 1024 * 1024;

/** Called with a view that is valid only during the call. Returning false pauses the socket. */
export type ChunkHandler = (chunk: Buffer) => boolean;

interface AcceptedSocket {
  _handle?: object | null;
  _server?: unknown;
  server?: unknown;
}

let sharedBuffer: Buffer | null = null;

export interface SocketReaderOptions {
  /** False reads by 'data' events. */
  readonly shared?: boolean;
  /** Overwrites every chunk once its callback has returned, so that whoever kept a view of it is found out. */
  readonly poison?: boolean;
}

const POISON = 0xdb;

/** Takes over a socket accepted with `pauseOnConnect`; the one given must not be used any more. */
export function readSocket(
  accepted: Socket,
  onChunk: ChunkHandler,
  options: SocketReaderOptions = {},
): Socket {
  const { shared = process.platform !== 'win32', poison = false } = options;
  if (poison) onChunk = poisoned(onChunk);
  const handle = (accepted as unknown as AcceptedSocket)._handle;
  if (!shared || handle === null || typeof handle !== 'object') return readByEvents(accepted, onChunk);
  return readByHandle(accepted as unknown as AcceptedSocket, handle, onChunk);
}

function readByHandle(accepted: AcceptedSocket, handle: object, onChunk: ChunkHandler): Socket {
  sharedBuffer ??= Buffer.allocUnsafeSlow(SHARED_READ_BUFFER_BYTES);
  const buffer = sharedBuffer;
  const options = {
    handle,
    onread: { buffer, callback: (size: number) => onChunk(buffer.subarray(0, size)) },
  };
  const socket = new Socket(options as unknown as ConstructorParameters<typeof Socket>[0]);
  const moved = socket as unknown as AcceptedSocket;
  // The server counts its connections through these; without them it would never report itself closed.
  moved._server = accepted._server;
  moved.server = accepted.server;
  accepted._handle = null;
  accepted._server = null;
  socket.resume();
  return socket;
}

function readByEvents(socket: Socket, onChunk: ChunkHandler): Socket {
  socket.on('data', chunk => {
    if (!onChunk(chunk)) socket.pause();
  });
  socket.resume();
  return socket;
}

function poisoned(onChunk: ChunkHandler): ChunkHandler {
  return chunk => {
    const goOn = onChunk(chunk);
    chunk.fill(POISON);
    return goOn;
  };
}
