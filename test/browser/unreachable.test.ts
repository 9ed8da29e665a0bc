// A cluster that cannot be reached, and a server that has gone: said on every page, in a sentence, and over by itself.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { skipReason } from './support/chromium.ts';
import { consoleTests } from './support/console.ts';
import { messagesPage } from './support/messages-page.ts';

/** A port of this machine at which nothing listens. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

describe('unreachable cluster', { skip: skipReason }, async () => {
  const address = `127.0.0.1:${skipReason === false ? await unusedPort() : 0}`;
  const tests = consoleTests({ bootstrapServers: address });

  it('is explained on every page', async context => {
    for (const path of ['/', '/topics', '/topics/orders']) {
      const page = await tests.open(context, path);
      const banner = page.getByRole('alert').filter({ hasText: 'The cluster is unreachable' });
      await banner.getByText(address).waitFor();
      await banner.getByText('This page reconnects by itself.').waitFor();
      await page.getByRole('banner').getByText('Unreachable').waitFor();
      await page.getByRole('banner').getByText('External').waitFor();
    }
  });

  it('has a Retry where the data would be', async context => {
    const page = await tests.open(context, '/topics');
    const alert = page.getByRole('main').getByRole('alert');
    await alert.getByText('The topics could not be listed').waitFor();
    await alert.getByRole('button', { name: 'Retry' }).click();
    await alert.getByText('The topics could not be listed').waitFor();
  });
});

describe('lost server', { skip: skipReason }, () => {
  const tests = consoleTests();

  it('is noticed, and the page comes back with it', async context => {
    await tests.call('POST', '/api/v1/topics', { name: 'kept' });
    await tests.produce('kept', [{ value: 'still here' }]);
    const page = await tests.open(context, '/topics/kept');
    await messagesPage(page).rows.filter({ hasText: 'still here' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('alert').filter({ hasText: 'The console has lost its server' }).waitFor();
    await messagesPage(page).rows.filter({ hasText: 'still here' }).waitFor();
    await tests.produce('kept', [{ value: 'meanwhile' }]);
    await page.context().setOffline(false);
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByRole('banner').getByText('Reachable', { exact: true }).waitFor();
    await page.getByText('2 records').waitFor();
  });
});
