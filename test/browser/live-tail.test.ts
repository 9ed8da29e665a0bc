// The live tail: what is written appears by itself; pausing holds the screen, not the stream.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';
import { cuttableWay } from './support/cuttable.ts';
import { cellsOf, messagesPage } from './support/messages-page.ts';

describe('live tail', { skip: skipReason }, () => {
  const tests = consoleTests();
  if (skipReason === false) {
    before(async () => {
      for (const name of ['tailed', 'paused', 'parted', 'returning'])
        await tests.call('POST', '/api/v1/topics', { name, partitions: 2 });
      await tests.produce('tailed', [{ value: 'from before' }]);
    });
  }

  it('shows a message produced in the dialog', async context => {
    const page = await tests.open(context, '/topics/tailed');
    const messages = messagesPage(page);
    await messages.rows.filter({ hasText: 'from before' }).waitFor();
    await page.getByRole('button', { name: 'Live tail' }).click();
    await page.getByRole('heading', { name: 'Waiting for messages…' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.waitForURL('**/topics/tailed?live=true');

    await messages.produce({ key: 'order-1', value: '{"total": 12345678901234567890}' });
    await page.getByText('Message stored').waitFor();
    await messages.rows.filter({ hasText: 'order-1' }).waitFor();
    await page.getByText('1 message received').waitFor();
    await messages.produce({ key: 'order-2', value: 'later' });
    await messages.rows.nth(1).waitFor();
    const rows = await Promise.all((await messages.rows.all()).map(cellsOf));
    assert.deepEqual(
      rows.map(cells => cells.slice(3)),
      [
        ['order-2', 'later'],
        ['order-1', '{"total": 12345678901234567890}'],
      ],
    );
    await messages.openRow('order-1');
    await page.getByRole('treeitem').filter({ hasText: 'total: 12345678901234567890' }).waitFor();
  });

  it('collects while paused and shows all of it when resumed', async context => {
    const page = await tests.open(context, '/topics/paused?live=true');
    const messages = messagesPage(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await tests.produce('paused', [{ value: 'seen' }]);
    await messages.rows.filter({ hasText: 'seen' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await tests.produce('paused', [{ value: 'one' }, { value: 'two' }]);
    await page.getByText('+2 new').waitFor();
    assert.equal(await messages.rows.count(), 1);
    await page.getByRole('button', { name: 'Resume' }).click();
    await messages.rows.nth(2).waitFor();
  });

  it('comes back after the server was away, and says that something may be missing', async context => {
    const way = await cuttableWay(context, tests.url);
    const page = await tests.open(context, new URL('/topics/returning?live=true', way.url).href);
    const messages = messagesPage(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await tests.produce('returning', [{ value: 'before' }]);
    await messages.rows.filter({ hasText: 'before' }).waitFor();
    way.cut();
    await page.getByText('The connection was lost for a while').waitFor();
    await tests.produce('returning', [{ value: 'after' }]);
    await messages.rows.filter({ hasText: 'after' }).waitFor();
    await messages.rows.filter({ hasText: 'before' }).waitFor();
  });

  it('follows the chosen partitions only', async context => {
    const page = await tests.open(context, '/topics/parted?partitions=1&live=true');
    const messages = messagesPage(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await tests.produce('parted', [
      { partition: 0, value: 'not wanted' },
      { partition: 1, value: 'wanted' },
    ]);
    await messages.rows.filter({ hasText: 'wanted' }).first().waitFor();
    await page.getByText('1 message received').waitFor();
    assert.deepEqual((await cellsOf(messages.rows.first())).slice(4), ['wanted']);
  });
});
