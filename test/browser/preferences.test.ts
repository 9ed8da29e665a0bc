// Language, theme and time zone, kept for the next visit.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';
import { cellsOf, messagesPage } from './support/messages-page.ts';

const isDark = (page: Page) => page.locator('html').evaluate(html => html.classList.contains('dark'));

describe('preferences', { skip: skipReason }, () => {
  const tests = consoleTests();
  if (skipReason === false) {
    before(async () => {
      await tests.call('POST', '/api/v1/topics', { name: 'times' });
      await tests.produce('times', [{ value: 'x', timestamp: '1767225600123' }]);
    });
  }

  it('speak Portuguese to a Portuguese browser', async context => {
    const page = await tests.open(context, '/topics/times', { locale: 'pt-BR' });
    await page.getByText('1 registro', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Produzir mensagem' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'pt-BR');
  });

  it('change the language without a reload and keep it', async context => {
    const page = await tests.open(context, '/topics');
    await page.getByRole('heading', { name: 'Topics', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemradio', { name: 'Português' }).click();
    await page.getByRole('heading', { name: 'Tópicos', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Tópicos', level: 1 }).waitFor();
  });

  it('follow the system’s theme until one is chosen', async context => {
    const page = await tests.open(context, '/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    assert.equal(await isDark(page), false);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html.dark').waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await page.locator('html:not(.dark)').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    assert.equal(await isDark(page), false);
  });

  it('show times in the chosen zone', async context => {
    const page = await tests.open(context, '/topics/times');
    const messages = messagesPage(page);
    await messages.rows.first().waitFor();
    assert.equal((await cellsOf(messages.rows.first()))[0], '2025-12-31 21:00:00.123');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemradio', { name: 'UTC' }).click();
    await messages.rows.filter({ hasText: '2026-01-01 00:00:00.123' }).waitFor();
    await page.getByRole('columnheader', { name: 'Timestamp UTC' }).waitFor();
  });
});
