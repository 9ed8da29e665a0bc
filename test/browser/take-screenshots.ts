// Takes the pictures of the README from a running workbench with real data: `node test/browser/take-screenshots.ts`.
// Needs the built console (npm run build).

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startWorkbench, type TestWorkbench } from '../support/workbench.ts';
import { launchBrowser } from './support/chromium.ts';

const images = resolve(fileURLToPath(new URL('../../docs/images', import.meta.url)));
const IMAGE_BYTES_MAX = 250 * 1024;
const MINUTE_MS = 60_000;

const CUSTOMERS = ['Ana Souza', 'Bruno Lima', 'Chloé Martin', 'Davi Rocha', 'Elisa Prado'];
const CITIES = ['São Paulo', 'Recife', 'Lyon', 'Curitiba', 'Belém'];

/** An order whose id no JavaScript number can hold. */
function order(index: number, nowMs: number) {
  const id = 9_007_199_254_740_993n + BigInt(index * 7);
  const quantity = 1 + (index % 3);
  const total = (quantity * 19.9 + 5).toFixed(2);
  const pick = (list: readonly string[]) => list[index % list.length];
  return {
    partition: index % 3,
    key: `order-${48_200 + index}`,
    value: `{"orderId":${id},"status":"${index % 4 === 0 ? 'paid' : 'created'}","customer":{"name":"${pick(CUSTOMERS)}","city":"${pick(CITIES)}"},"items":[{"sku":"MR-${100 + index}","quantity":${quantity},"price":19.90},{"sku":"MR-7","quantity":1,"price":5.00}],"total":${total},"coupon":null}`,
    headers: [
      { key: 'trace-id', value: `4bf92f3577b34da6a3ce929d0e0e47${String(index).padStart(2, '0')}` },
      { key: 'content-type', value: 'application/json' },
    ],
    timestamp: String(nowMs - (240 - index) * 7_919),
  };
}

async function fill(workbench: TestWorkbench): Promise<void> {
  const call = async (url: string, body?: unknown) => {
    const json =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(url, { method: 'POST', ...json });
    assert.ok(response.ok, `${url}: ${response.status}`);
  };
  const { api, console: base } = workbench.addresses;
  await call(`${api}/produce`);
  await call(`${base}/api/v1/topics`, { name: 'orders', partitions: 3 });
  await call(`${base}/api/v1/topics`, {
    name: 'customers',
    partitions: 3,
    configs: { 'cleanup.policy': 'compact' },
  });
  await call(`${base}/api/v1/topics`, {
    name: 'payments',
    partitions: 6,
    configs: { 'retention.ms': String(1_440 * MINUTE_MS) },
  });
  const nowMs = Date.now();
  await call(`${base}/api/v1/topics/orders/records`, {
    records: Array.from({ length: 240 }, (_, index) => order(index, nowMs)),
  });
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function start(directory: string): Promise<TestWorkbench> {
  try {
    return await startWorkbench({ data: directory, port: 9094, httpPort: 8080, apiPort: 5000 }, { version });
  } catch {
    // Something of this machine has the usual ports; the pictures then show others.
    return startWorkbench({ data: directory }, { version });
  }
}

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly colorScheme: 'light' | 'dark';
  readonly prepare: (page: Page) => Promise<void>;
}

const pictures: readonly Picture[] = [
  {
    name: 'console-topic-light',
    path: '/topics/primeiro_topico?partition=0&offset=4',
    colorScheme: 'light',
    prepare: page => page.getByRole('tabpanel').getByText('Esta é a mensagem via API número 5.').waitFor(),
  },
  {
    name: 'console-topic-dark',
    path: '/topics/orders?partition=2&offset=78',
    colorScheme: 'dark',
    prepare: page => page.getByRole('treeitem').filter({ hasText: 'coupon' }).waitFor(),
  },
  {
    name: 'console-overview',
    path: '/',
    colorScheme: 'light',
    prepare: page => page.getByRole('heading', { name: 'Connect' }).waitFor(),
  },
];

async function take(browser: Browser, base: string, picture: Picture): Promise<void> {
  const window = await browser.newContext({
    viewport: { width: 1440, height: 760 },
    deviceScaleFactor: 1.25,
    colorScheme: picture.colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-US',
  });
  const preferences = JSON.stringify({
    recentTopics: ['primeiro_topico', 'orders', 'payments'],
    detailWidth: 450,
  });
  await window.addInitScript({
    content: `localStorage.setItem('millrace.preferences', ${JSON.stringify(preferences)})`,
  });
  const page = await window.newPage();
  await page.goto(new URL(picture.path, base).href);
  await picture.prepare(page);
  await page.getByRole('banner').getByText('Reachable').waitFor();
  await page.evaluate('document.fonts.ready');
  const path = join(images, `${picture.name}.png`);
  await page.screenshot({ path });
  await window.close();
  const { size } = statSync(path);
  assert.ok(size <= IMAGE_BYTES_MAX, `${path} has ${size} bytes`);
  process.stdout.write(`docs/images/${picture.name}.png ${Math.round(size / 1024)} KiB\n`);
}

const home = join(tmpdir(), 'shop');
const directory = join(home, '.millrace', 'data');
rmSync(home, { recursive: true, force: true });
mkdirSync(images, { recursive: true });
const workbench = await start(directory);
const browser = await launchBrowser();
try {
  await fill(workbench);
  for (const picture of pictures) await take(browser, workbench.addresses.console!, picture);
} finally {
  await browser.close();
  await workbench.stop();
  rmSync(home, { recursive: true, force: true });
}
