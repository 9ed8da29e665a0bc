// The message page: order, paging, filters, and what a record looks like when it is opened.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';
import { cellsOf, messagesPage } from './support/messages-page.ts';

const RECORDS = 450;
const HALF_AN_HOUR_MS = 1_800_000;
const FIRST_MS = Date.UTC(2026, 0, 1);

const bodies = [
  { key: 'number', value: '{"id":9007199254740993,"price":1.50,"nested":{"list":[1,2]},"id":1}' },
  { key: 'tombstone', value: null },
  { key: 'empty', value: '' },
  { key: null, value: 'no key' },
  { key: 'bytes', value: { base64: Buffer.from([0, 255, 1, 254]).toString('base64') } },
  {
    key: 'headers',
    value: 'with headers',
    headers: [
      { key: 'twice', value: 'one' },
      { key: 'twice', value: 'two' },
      { key: 'nothing', value: null },
    ],
  },
  { key: 'markup', value: '<img src=x onerror=alert(1)><script>alert(2)</script>' },
];

describe('messages', { skip: skipReason }, () => {
  const tests = consoleTests();
  if (skipReason === false) {
    before(async () => {
      await tests.call('POST', '/api/v1/topics', { name: 'many', partitions: 3 });
      const many = Array.from({ length: RECORDS }, (_, index) => ({
        partition: index % 3,
        key: `key-${index}`,
        value: `value ${index}`,
        timestamp: String(FIRST_MS + index * 1000),
      }));
      await tests.produce('many', many);
      await tests.call('POST', '/api/v1/topics', { name: 'bodies' });
      await tests.produce('bodies', bodies);
    });
  }

  it('come newest first over all partitions, page by page down to the oldest', async context => {
    const page = await tests.open(context, '/topics/many');
    const messages = messagesPage(page);
    await messages.rows.first().waitFor();
    const top = await Promise.all((await messages.rows.all()).slice(0, 6).map(cellsOf));
    assert.deepEqual(
      top.map(([, partition, , key]) => [partition, key]),
      [449, 448, 447, 446, 445, 444].map(index => [String(index % 3), `key-${index}`]),
    );
    await messages.grid.focus();
    // Each End goes to the last loaded row and so brings the next page.
    const oldest = messages.rows.filter({ has: page.getByText('key-0', { exact: true }) });
    while ((await oldest.count()) === 0) {
      await page.keyboard.press('End');
      await messages.selectedRow.waitFor();
    }
    await page.getByText('450 messages').waitFor();
    await page.getByText('the oldest is reached').waitFor();
  });

  it('are filtered by partition and start where one wants', async context => {
    const page = await tests.open(context, '/topics/many');
    const messages = messagesPage(page);
    await messages.rows.first().waitFor();
    await page.getByRole('button', { name: 'All partitions' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Partition 1' }).click();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/topics/many?partitions=1');
    await messages.rows.filter({ hasText: 'key-448' }).waitFor();
    await messages.rows.filter({ hasText: 'key-449' }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Newest first' }).click();
    await page.getByRole('menuitemradio', { name: 'From an offset on' }).click();
    await page.getByRole('textbox', { name: 'Offset' }).fill('100');
    await page.waitForURL('**/topics/many?partitions=1&from=100');
    await messages.rows.filter({ hasText: 'key-301' }).waitFor();
    assert.equal((await cellsOf(messages.rows.first()))[2], '100');

    await page.getByRole('button', { name: 'From an offset on' }).click();
    await page.getByRole('menuitemradio', { name: 'Oldest first' }).click();
    await messages.rows.filter({ has: page.getByText('key-1', { exact: true }) }).waitFor();
    assert.equal((await cellsOf(messages.rows.first()))[2], '0');
  });

  it('start at a time given in the address', async context => {
    const from = new Date(FIRST_MS + 300_000).toISOString();
    const page = await tests.open(context, `/topics/many?from=${from}`);
    const messages = messagesPage(page);
    await messages.rows.first().waitFor();
    const [timestamp, , , key] = await cellsOf(messages.rows.first());
    assert.deepEqual([timestamp, key], ['2025-12-31 21:05:00.000', 'key-300']);
    assert.equal(await page.getByLabel('Start time (local)').inputValue(), '2025-12-31T21:05');
  });

  it('say when none is in the chosen part', async context => {
    const from = new Date(FIRST_MS + RECORDS * 1000 + HALF_AN_HOUR_MS).toISOString();
    const page = await tests.open(context, `/topics/many?from=${from}`);
    await page.getByRole('heading', { name: 'No messages here' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await messagesPage(page).rows.filter({ hasText: 'key-449' }).waitFor();
  });

  it('keep every digit of a number', async context => {
    const page = await tests.open(context, '/topics/bodies');
    const messages = messagesPage(page);
    await messages.openRow('number');
    const tree = page.getByRole('tree', { name: 'Value' });
    await tree.getByRole('treeitem').filter({ hasText: 'id: 9007199254740993' }).waitFor();
    await tree.getByRole('treeitem').filter({ hasText: 'price: 1.50' }).waitFor();
    assert.equal(await tree.getByRole('treeitem').filter({ hasText: /^id:/ }).count(), 2);
    await tree.getByRole('treeitem').filter({ hasText: 'nested' }).click();
    await tree.getByRole('treeitem').filter({ hasText: 'list' }).waitFor({ state: 'detached' });
    await messages.panel.getByRole('button', { name: 'Indented' }).click();
    await messages.value.getByText('"id": 9007199254740993,').waitFor();
    await messages.panel.getByRole('button', { name: 'Text' }).click();
    await messages.value.getByText('{"id":9007199254740993,"price":1.50').waitFor();
  });

  it('tell null from empty, and text from bytes', async context => {
    const page = await tests.open(context, '/topics/bodies');
    const messages = messagesPage(page);
    await messages.rows.first().waitFor();
    const shown = new Map(
      (await Promise.all((await messages.rows.all()).map(cellsOf))).map(cells => [cells[3], cells[4]]),
    );
    assert.equal(shown.get('tombstone'), 'tombstone');
    assert.equal(shown.get('empty'), 'empty');
    assert.equal(shown.get('null'), 'no key');
    assert.match(shown.get('bytes')!, /binary\s*00 ff 01 fe/);
    await messages.openRow(/tombstonetombstone|tombstone/);
    await messages.value.getByText('A tombstone: in a compacted topic it deletes its key.').waitFor();
    await messages.openRow(/bytes/);
    await messages.value.getByText('000000 00 ff 01 fe').waitFor();
  });

  it('show headers in their order, repeated and null ones too', async context => {
    const page = await tests.open(context, '/topics/bodies');
    const messages = messagesPage(page);
    await messages.openRow('with headers');
    await messages.panel.getByRole('tab', { name: 'Headers 3' }).click();
    const rows = messages.value.getByRole('row');
    await rows.nth(3).waitFor();
    const texts = await rows.allInnerTexts();
    assert.deepEqual(
      texts.slice(1).map(text => text.split('\t').slice(0, 2)),
      [
        ['twice', 'one'],
        ['twice', 'two'],
        ['nothing', 'null'],
      ],
    );
  });

  it('are text and nothing else, whatever they contain', async context => {
    const page = await tests.open(context, '/topics/bodies');
    const messages = messagesPage(page);
    await messages.openRow('markup');
    await messages.value.getByText('<img src=x onerror=alert(1)><script>alert(2)</script>').waitFor();
    assert.equal(await page.locator('img').count(), 0);
  });

  it('have an address of their own that survives a reload', async context => {
    const page = await tests.open(context, '/topics/many?partition=2&offset=7');
    const messages = messagesPage(page);
    await messages.value.getByText('value 23').waitFor();
    await page.reload();
    await messages.panel.getByRole('heading', { name: 'Partition 2 · Offset 7' }).waitFor();
    await messages.value.getByText('value 23').waitFor();
    await messages.openRow('key-445');
    await page.waitForURL('**/topics/many?partition=1&offset=148');
    await page.reload();
    await messages.value.getByText('value 445').waitFor();
    assert.equal((await cellsOf(messages.selectedRow))[3], 'key-445');
  });

  it('that are gone are explained in their place', async context => {
    const page = await tests.open(context, '/topics/many?partition=0&offset=99999');
    await messagesPage(page).panel.getByRole('alert').filter({ hasText: '99999' }).waitFor();
    await messagesPage(page).rows.first().waitFor();
  });

  it('are announced when they arrive, and shown when wanted', async context => {
    await tests.call('POST', '/api/v1/topics', { name: 'growing' });
    await tests.produce('growing', [{ value: 'first' }]);
    const page = await tests.open(context, '/topics/growing');
    const messages = messagesPage(page);
    await messages.rows.filter({ hasText: 'first' }).waitFor();
    await tests.produce('growing', [{ value: 'second' }, { value: 'third' }]);
    await page.getByRole('button', { name: '2 new messages' }).click();
    await messages.rows.filter({ hasText: 'third' }).waitFor();
    assert.equal(await messages.rows.count(), 3);
  });

  it('can be produced again, changed or not', async context => {
    const page = await tests.open(context, '/topics/bodies');
    const messages = messagesPage(page);
    await messages.openRow('with headers');
    await messages.panel.getByRole('button', { name: 'Produce again' }).click();
    const dialog = page.getByRole('dialog', { name: 'Produce message' });
    await dialog.getByRole('textbox', { name: 'Value', exact: true }).first().fill('changed');
    await dialog.getByRole('button', { name: 'Produce', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await messages.openRow('changed');
    await messages.panel.getByRole('tab', { name: 'Headers 3' }).waitFor();
    await messages.panel.getByRole('tab', { name: /^Key/ }).click();
    await messages.value.getByText('headers', { exact: true }).waitFor();
  });
});
