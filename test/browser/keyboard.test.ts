// The whole way without a mouse.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';
import { cellsOf, messagesPage } from './support/messages-page.ts';

describe('keyboard', { skip: skipReason }, () => {
  const tests = consoleTests();
  if (skipReason === false) {
    before(async () => {
      for (const name of ['alpha', 'beta', 'gamma']) await tests.call('POST', '/api/v1/topics', { name });
      await tests.produce(
        'beta',
        [1, 2, 3].map(number => ({ key: `key-${number}`, value: `value ${number}` })),
      );
    });
  }

  it('leads from the search to a topic, through its messages and back', async context => {
    const page = await tests.open(context, '/topics');
    const { keyboard } = page;
    const messages = messagesPage(page);
    await page.getByRole('link', { name: 'beta' }).waitFor();
    await keyboard.press('/');
    await keyboard.type('a');
    await keyboard.press('Enter');
    await keyboard.press('ArrowDown');
    assert.match((await cellsOf(page.getByRole('row', { selected: true })))[0]!, /beta/);
    await keyboard.press('Enter');
    await page.waitForURL('**/topics/beta');

    await messages.rows.nth(2).waitFor();
    await keyboard.press('ArrowDown');
    await messages.value.getByText('value 3').waitFor();
    await keyboard.press('ArrowDown');
    await messages.value.getByText('value 2').waitFor();
    await page.waitForURL('**/topics/beta?partition=0&offset=1');
    await keyboard.press('End');
    await messages.value.getByText('value 1').waitFor();
    await keyboard.press('ArrowUp');
    await messages.value.getByText('value 2').waitFor();
    assert.equal((await cellsOf(messages.selectedRow))[3], 'key-2');
    await keyboard.press('Escape');
    await messages.panel.waitFor({ state: 'detached' });
    await page.waitForURL('**/topics/beta');
    await messages.grid.and(page.locator(':focus')).waitFor();
  });

  it('opens and closes dialogs and returns to where it was', async context => {
    const page = await tests.open(context, '/topics/beta');
    const button = page.getByRole('button', { name: 'Produce message' });
    await button.focus();
    await page.keyboard.press('Enter');
    const value = page.getByRole('dialog').getByRole('textbox', { name: 'Value', exact: true });
    const focusedValue = value.and(page.locator(':focus'));
    await focusedValue.waitFor();
    await page.keyboard.type('typed');
    assert.equal(await value.inputValue(), 'typed');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await button.and(page.locator(':focus')).waitFor();

    await page.keyboard.press('Enter');
    await focusedValue.waitFor();
    await page.keyboard.type('sent with the keyboard');
    await page.keyboard.press('Control+Enter');
    await messagesPage(page).rows.filter({ hasText: 'sent with the keyboard' }).waitFor();
  });

  it('collapses the sidebar, for the next visit too', async context => {
    const page = await tests.open(context, '/');
    const collapse = page.getByRole('button', { name: 'Collapse sidebar' });
    await collapse.waitFor();
    await page.keyboard.press('Control+b');
    await page.getByRole('button', { name: 'Expand sidebar' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Expand sidebar' }).waitFor();
    await page.keyboard.press('Control+b');
    await collapse.waitFor();
  });

  it('shows its own keys', async context => {
    const page = await tests.open(context, '/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});
