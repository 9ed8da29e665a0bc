// The message page, as a person finds its parts: by their roles and names.

import type { Locator, Page } from 'playwright-core';

export function messagesPage(page: Page) {
  // By name: the list of topics stays on the screen until the page of the topic is loaded.
  const grid = page.getByRole('grid', { name: /messages$/i });
  const panel = page.getByRole('complementary', { name: 'Message', exact: true });
  return {
    grid,
    panel,
    /** The rows on screen, without the header. */
    rows: grid.getByRole('row').filter({ has: page.getByRole('gridcell') }),
    selectedRow: grid.getByRole('row', { selected: true }),
    value: panel.getByRole('tabpanel'),
    async openRow(text: string | RegExp): Promise<Locator> {
      await grid.getByRole('row').filter({ hasText: text }).first().click();
      await panel.waitFor();
      return panel;
    },
    async produce(record: { key?: string; value: string }): Promise<void> {
      await page.getByRole('button', { name: 'Produce message' }).click();
      const dialog = page.getByRole('dialog', { name: 'Produce message' });
      if (record.key !== undefined) {
        await dialog.getByRole('checkbox', { name: 'No key (null)' }).uncheck();
        await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill(record.key);
      }
      await dialog.getByRole('textbox', { name: 'Value', exact: true }).fill(record.value);
      await dialog.getByRole('button', { name: 'Produce', exact: true }).click();
      await dialog.waitFor({ state: 'hidden' });
    },
  };
}

/** The texts of the cells of a row: timestamp, partition, offset, key, value. */
export async function cellsOf(row: Locator): Promise<string[]> {
  return row.getByRole('gridcell').allInnerTexts();
}
