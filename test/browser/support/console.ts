// A workbench in memory with its console open in a browser. What the page complains of on its console (a script error, a
// violation of the content security policy) fails the test that caused it.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { UpFlags } from '../../../src/cli/options/up-flags.ts';
import { startWorkbench, type TestWorkbench } from '../../support/workbench.ts';
import { launchBrowser, skipReason } from './chromium.ts';

const builtConsole = resolve(fileURLToPath(new URL('../../../dist/console/index.html', import.meta.url)));
/** Generous: a shared machine may be slow, and a lost wait shows itself all the same. */
const PATIENCE_MS = 60_000;

export interface ConsoleTests {
  readonly workbench: TestWorkbench;
  /** Of the console, and of the API's own port. */
  readonly url: string;
  readonly apiUrl: string;
  open(context: TestContext, path: string, options?: BrowserContextOptions): Promise<Page>;
  /** A call to the HTTP API, as a program makes it. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Writes records to a topic that exists. */
  produce(topic: string, records: readonly RecordDraft[]): Promise<void>;
}

export interface RecordDraft {
  readonly partition?: number;
  readonly key?: string | { base64: string } | null;
  readonly value?: string | { base64: string } | null;
  readonly headers?: readonly { key: string; value: string | null }[];
  readonly timestamp?: string;
}

/** For the head of a `describe`: starts workbench and browser before its tests and stops them after. */
export function consoleTests(flags: UpFlags = {}): ConsoleTests {
  let workbench: TestWorkbench | undefined;
  let browser: Browser | undefined;
  if (skipReason === false) {
    before(async () => {
      assert.ok(existsSync(builtConsole), 'The console is not built: run "npm run build" first.');
      workbench = await startWorkbench(flags);
      browser = await launchBrowser();
    });
    after(async () => {
      await browser?.close();
      await workbench?.stop();
    });
  }
  const url = () => workbench!.addresses.console!;
  const call = async (method: string, path: string, body?: unknown) => {
    const json =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(new URL(path, url()), { method, ...json });
    assert.ok(
      response.ok,
      `${method} ${path}: ${response.status} ${response.ok ? '' : await response.text()}`,
    );
    return response.status === 204 ? undefined : response.json();
  };
  return {
    get workbench() {
      return workbench!;
    },
    get url() {
      return url();
    },
    get apiUrl() {
      return workbench!.addresses.api!;
    },
    open: (context, path, options) => openPage(context, browser!, new URL(path, url()).href, options),
    call,
    produce: async (topic, records) => {
      await call('POST', `/api/v1/topics/${topic}/records`, { records });
    },
  };
}

async function openPage(
  context: TestContext,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const window = await browser.newContext({
    viewport: { width: 1440, height: 860 },
    locale: 'en-US',
    timezoneId: 'America/Sao_Paulo',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  window.setDefaultTimeout(PATIENCE_MS);
  const page = await window.newPage();
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    // A refused request is an answer the page shows; the browser notes it all the same.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  context.after(async () => {
    await window.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(url);
  return page;
}
