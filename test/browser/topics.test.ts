// Finding, making, changing and deleting topics.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';

describe('topics', { skip: skipReason }, () => {
  const tests = consoleTests();
  if (skipReason === false) {
    before(async () => {
      for (const name of ['orders.created', 'orders.cancelled', 'payments'])
        await tests.call('POST', '/api/v1/topics', { name });
    });
  }

  it('are found while typing, and the search is in the address', async context => {
    const page = await tests.open(context, '/topics');
    await page.getByRole('link', { name: 'payments' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search topics' }).fill('orders.c');
    await page.getByText('2 of 3').waitFor();
    assert.equal(await page.getByRole('link', { name: 'payments' }).count(), 0);
    await page.waitForURL('**/topics?q=orders.c');
    await page.getByRole('searchbox', { name: 'Search topics' }).fill('nothing like this');
    await page.getByRole('heading', { name: 'No topic matches' }).waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Clear search' }).last().click();
    await page.getByRole('link', { name: 'payments' }).waitFor();
  });

  it('of Kafka itself are hidden until wanted', async context => {
    // Asking for a group's coordinator makes the topic that holds its offsets.
    const admin = new Kafka({
      brokers: [tests.workbench.addresses.broker!],
      logLevel: logLevel.NOTHING,
    }).admin();
    context.after(() => admin.disconnect());
    await admin.connect();
    await admin.fetchOffsets({ groupId: 'readers', topics: ['payments'] });
    const page = await tests.open(context, '/topics');
    await page.getByRole('link', { name: 'payments' }).waitFor();
    assert.equal(await page.getByRole('link', { name: '__consumer_offsets' }).count(), 0);
    await page.getByRole('checkbox', { name: 'Show internal topics' }).check();
    await page.waitForURL('**/topics?internal=true');
    await page.getByRole('row').filter({ hasText: '__consumer_offsets' }).getByText('internal').waitFor();
  });

  it('are created in a dialog that shows the server’s refusal', async context => {
    const page = await tests.open(context, '/topics');
    await page.getByRole('button', { name: 'Create topic' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create topic' });
    const submit = dialog.getByRole('button', { name: 'Create topic' });
    await submit.click();
    await dialog.getByText('Give the topic a name.').waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('payments');
    await submit.click();
    await dialog.getByRole('alert').filter({ hasText: 'payments' }).waitFor();

    await dialog.getByRole('textbox', { name: 'Name' }).fill('shipments');
    await dialog.getByRole('textbox', { name: 'Partitions' }).fill('3');
    await dialog.getByRole('button', { name: 'Add configuration' }).click();
    await dialog.getByRole('combobox', { name: 'Configuration key' }).fill('retention.ms');
    await dialog.getByRole('textbox', { name: 'Configuration value' }).fill('3600000');
    await submit.click();
    await page.waitForURL('**/topics/shipments');
    await page.getByText('3 partitions').waitFor();
    await page.getByRole('link', { name: 'Configuration' }).click();
    await page.getByRole('row').filter({ hasText: 'retention.ms' }).getByText('1 hour').first().waitFor();
  });

  it('have a configuration that can be changed and put back', async context => {
    const page = await tests.open(context, '/topics/payments/configuration');
    await page.getByRole('searchbox', { name: 'Search keys' }).fill('retention.ms');
    const row = page.getByRole('row').filter({ has: page.getByText('retention.ms', { exact: true }) });
    await row.getByText('7 days').click();
    const dialog = page.getByRole('dialog', { name: 'retention.ms' });
    await dialog.getByRole('textbox', { name: 'Value' }).fill('soon');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('textbox', { name: 'Value' }).fill('86400000');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row.getByText('1 day').waitFor();
    await row.getByText('this topic').click();
    await dialog.getByRole('button', { name: 'Back to the default' }).click();
    await row.getByText('7 days').waitFor();
  });

  it('get more partitions', async context => {
    const page = await tests.open(context, '/topics/orders.created/partitions');
    await page.getByRole('button', { name: 'Add partitions' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add partitions' });
    await dialog.getByRole('textbox', { name: 'Partitions in total' }).fill('4');
    await dialog.getByRole('button', { name: 'Add partitions' }).click();
    await page.getByText('4 partitions').waitFor();
    await page.getByRole('grid', { name: 'Partitions' }).getByRole('row').nth(4).waitFor();
  });

  it('are deleted only after their name was typed', async context => {
    const page = await tests.open(context, '/topics/orders.cancelled');
    await page.getByRole('button', { name: 'Delete topic' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete topic?' });
    const submit = dialog.getByRole('button', { name: 'Delete topic' });
    assert.equal(await submit.isDisabled(), true);
    await dialog.getByRole('textbox', { name: 'Type orders.cancelled to confirm' }).fill('orders.cancel');
    assert.equal(await submit.isDisabled(), true);
    await dialog.getByRole('textbox', { name: 'Type orders.cancelled to confirm' }).fill('orders.cancelled');
    await submit.click();
    await page.waitForURL('**/topics');
    await page.getByRole('link', { name: 'payments' }).waitFor();
    await page.getByRole('link', { name: 'orders.cancelled' }).waitFor({ state: 'detached' });
  });

  it('that do not exist say so', async context => {
    const page = await tests.open(context, '/topics/no-such-topic');
    await page.getByRole('alert').filter({ hasText: 'no-such-topic' }).waitFor();
    await page.getByRole('heading', { name: 'no-such-topic', level: 1 }).waitFor();
  });
});
