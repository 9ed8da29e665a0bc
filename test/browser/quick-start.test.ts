// The way every newcomer goes: one POST, then the console shows what was sent.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';
import { cellsOf, messagesPage } from './support/messages-page.ts';

describe('quick start', { skip: skipReason }, () => {
  const tests = consoleTests();

  it('shows the five messages of POST /produce by clicking', async context => {
    const answer = await fetch(new URL('/produce', tests.apiUrl), { method: 'POST' });
    assert.equal(answer.status, 200);
    const page = await tests.open(context, '/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByText('In memory').waitFor();
    await page.getByText(tests.workbench.addresses.broker!, { exact: true }).first().waitFor();

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Topics' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'primeiro_topico' })
      .getByText('5', { exact: true })
      .waitFor();
    await page.getByRole('link', { name: 'primeiro_topico' }).click();

    const messages = messagesPage(page);
    await messages.rows.nth(4).waitFor();
    await page.getByText('5 records').waitFor();
    const rows = await Promise.all((await messages.rows.all()).map(cellsOf));
    assert.deepEqual(
      rows.map(([, partition, offset, key, value]) => [partition, offset, key, value]),
      [5, 4, 3, 2, 1].map(number => [
        '0',
        String(number - 1),
        `chave-${number}`,
        `Esta é a mensagem via API número ${number}.`,
      ]),
    );
    for (const row of rows) assert.match(row[0]!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);

    for (const number of [5, 1, 3]) {
      const panel = await messages.openRow(`chave-${number}`);
      await panel.getByRole('heading', { name: `Partition 0 · Offset ${number - 1}` }).waitFor();
      await panel.getByRole('tab', { name: /^Value/ }).click();
      await messages.value.getByText(`Esta é a mensagem via API número ${number}.`).waitFor();
      await panel.getByRole('tab', { name: /^Key/ }).click();
      await messages.value.getByText(`chave-${number}`).waitFor();
    }
  });

  it('remembers the topics that were looked at', async context => {
    const page = await tests.open(context, '/topics/primeiro_topico');
    await page.getByText(/^\d+ records$/).waitFor();
    await page.getByRole('link', { name: 'Millrace, overview' }).click();
    await page
      .getByRole('region', { name: 'Recently viewed topics' })
      .getByRole('link', { name: 'primeiro_topico' })
      .click();
    await page.getByRole('heading', { name: 'primeiro_topico', level: 1 }).waitFor();
  });

  it('shows a first message without being asked to reload', async context => {
    await tests.call('POST', '/api/v1/topics', { name: 'empty-at-first' });
    const page = await tests.open(context, '/topics/empty-at-first');
    await page.getByRole('heading', { name: 'No messages yet' }).waitFor();
    await page
      .getByRole('region', { name: 'Example' })
      .getByText('/api/v1/topics/empty-at-first/records')
      .waitFor();
    await tests.produce('empty-at-first', [{ value: 'here I am' }]);
    await messagesPage(page).rows.filter({ hasText: 'here I am' }).waitFor();
  });
});
