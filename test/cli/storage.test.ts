// The storage commands as a person types them: what they print, and how they end.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const golden = fileURLToPath(new URL('../golden/disk/killed-standalone/data', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'millrace-storage-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

function storage(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, 'storage', ...words], { encoding: 'utf8' });
}

function damagedCopy(name: string): string {
  const directory = join(scratch, name);
  cpSync(golden, directory, { recursive: true });
  const log = join(directory, 'busy-0/00000000000000000000.log');
  const bytes = readFileSync(log);
  bytes[5000]! ^= 1;
  writeFileSync(log, bytes);
  return directory;
}

describe('millrace storage', () => {
  it('dump prints records, as text and as one object a line', () => {
    const file = join(golden, 'transactional-0/00000000000000000000.log');
    const text = storage('dump', file, '--records');
    assert.equal(text.status, 0);
    assert.match(text.stdout, /^\| offset: 0 CreateTime: \d+ keySize: /m);
    const objects = storage('dump', file, '--records', '--json').stdout.trimEnd().split('\n');
    const records = objects.map(line => JSON.parse(line)).filter(({ kind }) => kind === 'record');
    assert.equal(records[0].offset, 0);
    assert.equal(records.length, 3);
  });

  it('verify ends with 0 for a whole directory', () => {
    const { status, stdout } = storage('verify', golden);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^Read 11 partitions, /m);
  });

  it('verify names the damage and ends with 1; repair changes nothing without --yes, and mends with it', () => {
    const directory = damagedCopy('damaged');
    const found = storage('verify', directory);
    assert.equal(found.status, 1);
    assert.match(
      found.stdout,
      /busy-0\/0{20}\.log, position 4917: one byte of the batch at offset 83 is wrong /,
    );
    assert.match(storage('repair', directory).stdout, /Nothing was changed/);
    assert.equal(storage('verify', directory).status, 1);
    assert.match(storage('repair', directory, '--yes').stdout, /Done\. Afterwards:/);
    assert.equal(storage('verify', directory).status, 0);
    assert.match(storage('repair', directory).stdout, /nothing to repair/);
  });

  it('says in one sentence what is wrong with a path or a number', () => {
    const nowhere = storage('verify', join(scratch, 'nowhere'));
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.stderr, /is no data directory/);
    const noNumber = storage('dump', golden, '--from-offset', 'x');
    assert.equal(noNumber.status, 2);
    assert.match(noNumber.stderr, /Not a whole number from 0 on/);
  });
});
