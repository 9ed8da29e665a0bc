// No serious finding of axe on any route, in both themes, dialogs and empty and failed states included.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';

interface Case {
  readonly name: string;
  readonly path: string;
  /** What must be there before the page is judged. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name }).waitFor();
const button = (name: string) => (page: Page) => page.getByRole('button', { name }).click();

const cases: readonly Case[] = [
  { name: 'overview', path: '/', ready: heading('Connect') },
  {
    name: 'topics',
    path: '/topics',
    ready: page => page.getByRole('row').getByText('7 days').first().waitFor(),
  },
  { name: 'no match', path: '/topics?q=zzz', ready: heading('No topic matches') },
  {
    name: 'create topic',
    path: '/topics',
    ready: async page => {
      await button('Create topic')(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Create topic' }).click();
      await page.getByText('Give the topic a name.').waitFor();
    },
  },
  { name: 'messages', path: '/topics/axe', ready: page => page.getByRole('gridcell').first().waitFor() },
  {
    name: 'open message',
    path: '/topics/axe?partition=0&offset=0',
    ready: page => page.getByRole('treeitem').first().waitFor(),
  },
  {
    name: 'headers',
    path: '/topics/axe?partition=0&offset=0',
    ready: async page => {
      await page.getByRole('tab', { name: /^Headers/ }).click();
      await page.getByText('trace-id').waitFor();
    },
  },
  {
    name: 'produce',
    path: '/topics/axe',
    ready: async page => {
      await button('Produce message')(page);
      await button('Add header')(page);
    },
  },
  {
    name: 'delete',
    path: '/topics/axe',
    ready: async page => {
      await button('Delete topic')(page);
      await page.getByRole('dialog').getByRole('textbox').waitFor();
    },
  },
  { name: 'live tail', path: '/topics/axe?live=true', ready: heading('Waiting for messages…') },
  {
    name: 'partitions',
    path: '/topics/axe/partitions',
    ready: page => page.getByRole('gridcell').first().waitFor(),
  },
  {
    name: 'configuration',
    path: '/topics/axe/configuration',
    ready: page => page.getByRole('gridcell').first().waitFor(),
  },
  { name: 'no messages', path: '/topics/axe-empty', ready: heading('No messages yet') },
  { name: 'unknown topic', path: '/topics/axe-unknown', ready: page => page.getByRole('alert').waitFor() },
  { name: 'settings', path: '/', ready: async page => button('Settings')(page) },
  { name: 'unknown page', path: '/nowhere/at/all', ready: heading('There is no page at this address') },
];

describe('accessibility', { skip: skipReason }, () => {
  const tests = consoleTests();
  if (skipReason === false) {
    before(async () => {
      await tests.call('POST', '/api/v1/topics', { name: 'axe', partitions: 2 });
      await tests.call('POST', '/api/v1/topics', { name: 'axe-empty' });
      await tests.produce('axe', [
        {
          partition: 0,
          key: 'k',
          value: '{"a":[1,"x",true,null],"b":{}}',
          headers: [{ key: 'trace-id', value: '1' }],
        },
        { partition: 1, key: null, value: null },
      ]);
    });
  }

  for (const { name, path, ready } of cases) {
    it(name, async context => {
      const page = await tests.open(context, path);
      await ready(page);
      assert.deepEqual(await seriousFindings(new AxeBuilder({ page })), []);
      // The dark theme changes colours only.
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html.dark').waitFor();
      assert.deepEqual(await seriousFindings(new AxeBuilder({ page }).withRules(['color-contrast'])), []);
    });
  }
});

async function seriousFindings(axe: AxeBuilder): Promise<unknown[]> {
  // Base UI's focus guards are hidden from readers and send the focus on at once; axe cannot know.
  const { violations } = await axe.exclude('[data-base-ui-focus-guard]').analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(node => node.html) }));
}
