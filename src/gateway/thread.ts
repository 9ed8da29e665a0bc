// The gateway's thread, as its parent sees it: started with plain options, restarted when it crashes (with growing
// pauses, never ending the broker), stopped by a message. Only serialisable values cross the border.

import process from 'node:process';
import type { Worker } from 'node:worker_threads';
import type { GatewayMessage, GatewayOptions, StopMessage } from './options.ts';

const RESTART_DELAY_MS = 200;
const RESTART_DELAY_MS_MAX = 10_000;
/** A thread that lived this long has recovered: the next crash starts counting anew. */
const HEALTHY_AFTER_MS = 60_000;
/** A thread that does not stop by itself in this time is ended. */
const STOP_PATIENCE_MS = 1_500;

export interface GatewayAddresses {
  readonly console: string | null;
  readonly api: string | null;
}

/** The gateway could not take a port, or could not start at all. */
export class GatewayStartError extends Error {
  override readonly name = 'GatewayStartError';
  readonly code: string | null;
  readonly port: number | null;

  constructor(options: { message: string; code: string | null; port: number | null }) {
    super(options.message);
    this.code = options.code;
    this.port = options.port;
  }
}

export class GatewayThread {
  readonly #entry: URL;
  readonly #report: (line: string) => void;
  #options: GatewayOptions;
  #worker: Worker | null = null;
  #stopping = false;
  #crashes = 0;

  constructor(options: {
    readonly entry: URL;
    readonly gateway: GatewayOptions;
    readonly report: (line: string) => void;
  }) {
    this.#entry = options.entry;
    this.#options = options.gateway;
    this.#report = options.report;
  }

  /** Resolves once both servers listen. */
  async start(): Promise<GatewayAddresses> {
    const addresses = await this.#launch();
    // A restart must come back where browsers and scripts know it.
    this.#options = {
      ...this.#options,
      consolePort: portOf(addresses.console),
      apiPort: portOf(addresses.api),
    };
    return addresses;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>(resolve => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'stop' } satisfies StopMessage);
    const patience = setTimeout(() => void worker.terminate(), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(patience);
  }

  #launch(): Promise<GatewayAddresses> {
    const startedAtMs = performance.now();
    // Loaded only now: a broker alone needs no threads.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker = new Worker(this.#entry, { workerData: this.#options });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      let listening = false;
      worker.on('message', (message: GatewayMessage) => {
        if (message.type === 'log') this.#report(message.message);
        if (message.type === 'failed') reject(new GatewayStartError(message));
        if (message.type === 'listening') {
          listening = true;
          resolve({ console: message.console, api: message.api });
        }
      });
      worker.on('error', error => {
        this.#report(`The HTTP side stopped unexpectedly: ${(error as Error).message}. The broker goes on.`);
        reject(new GatewayStartError({ message: (error as Error).message, code: null, port: null }));
      });
      worker.on('exit', () => {
        this.#worker = null;
        if (listening && !this.#stopping) this.#restart(performance.now() - startedAtMs);
        else
          reject(
            new GatewayStartError({
              message: 'The HTTP side ended before it listened.',
              code: null,
              port: null,
            }),
          );
      });
    });
  }

  #restart(livedMs: number): void {
    this.#crashes = livedMs > HEALTHY_AFTER_MS ? 1 : this.#crashes + 1;
    const delayMs = Math.min(RESTART_DELAY_MS * 2 ** (this.#crashes - 1), RESTART_DELAY_MS_MAX);
    setTimeout(() => {
      if (this.#stopping) return;
      this.#launch().then(
        () => this.#report('The HTTP side is back.'),
        () => !this.#stopping && this.#restart(0),
      );
    }, delayMs).unref();
  }
}

function portOf(address: string | null): number | null {
  return address === null ? null : Number(new URL(address).port);
}
