// The real disk and the one in memory keep the same contract.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type FileSystem, FileSystemError } from './file-system.ts';
import { MemoryFileSystem } from './memory.ts';
import { NodeFileSystem } from './node.ts';
import { readTextFile, readWholeFile, replaceWholeFile } from './whole-file.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-fs-')).replaceAll('\\', '/');
after(() => rmSync(root, { recursive: true, force: true }));

function memoryDisk(): FileSystem {
  const disk = new MemoryFileSystem();
  root
    .split('/')
    .filter(Boolean)
    .reduce((path, name) => {
      disk.makeDirectory(`${path}/${name}`);
      return `${path}/${name}`;
    }, '');
  return disk;
}

function fails(code: string): (error: unknown) => boolean {
  return error => error instanceof FileSystemError && error.code === code;
}

for (const [name, make] of [
  ['memory', memoryDisk],
  ['node', () => new NodeFileSystem()],
] as const) {
  describe(`the file system: ${name}`, () => {
    const disk = make();
    const directory = `${root}/${name}`;
    disk.makeDirectory(directory);

    it('writes several buffers at a position and reads them back, short at the end', async () => {
      const file = disk.open(`${directory}/f`, 'create');
      file.write([Buffer.from('abc'), Buffer.alloc(0), Buffer.from('def')], 2);
      assert.equal(file.size(), 8);
      const buffer = Buffer.alloc(10, '.');
      assert.equal(file.read(buffer, 0), 8);
      assert.equal(buffer.toString(), '\0\0abcdef..');
      assert.equal(file.read(buffer, 8), 0);
      file.truncate(4);
      file.syncNow();
      await new Promise<void>((resolve, reject) =>
        file.sync(error => (error === null ? resolve() : reject(error))),
      );
      file.close();
      assert.equal(readTextFile(disk, `${directory}/f`), '\0\0ab');
    });

    it('opens as the mode says', () => {
      assert.throws(() => disk.open(`${directory}/none`, 'read'), fails('ENOENT'));
      assert.throws(() => disk.open(`${directory}/none`, 'write'), fails('ENOENT'));
      assert.throws(() => disk.open(`${directory}/f`, 'exclusive'), fails('EEXIST'));
      assert.throws(() => disk.open(`${directory}/none/f`, 'create'), fails('ENOENT'));
      disk.open(`${directory}/x`, 'exclusive').close();
      assert.equal(disk.stat(`${directory}/x`)?.kind, 'file');
    });

    it('lists, renames over, removes', async () => {
      const inner = `${directory}/inner`;
      disk.makeDirectory(inner);
      disk.makeDirectory(inner);
      replaceWholeFile(disk, `${inner}/a`, 'a');
      replaceWholeFile(disk, `${inner}/b`, 'b');
      disk.rename(`${inner}/a`, `${inner}/b`);
      assert.deepEqual(disk.list(inner), [{ name: 'b', kind: 'file' }]);
      assert.equal(readTextFile(disk, `${inner}/b`), 'a');
      assert.throws(() => disk.removeDirectory(inner), fails('ENOTEMPTY'));
      assert.throws(() => disk.rename(`${inner}/none`, `${inner}/c`), fails('ENOENT'));
      disk.remove(`${inner}/b`);
      disk.remove(`${inner}/b`);
      await new Promise<void>((resolve, reject) =>
        disk.syncDirectoryLater(inner, error => (error === null ? resolve() : reject(error))),
      );
      disk.removeDirectory(inner);
      assert.equal(disk.stat(inner), null);
      assert.equal(readWholeFile(disk, `${inner}/b`), null);
      assert.throws(() => disk.list(inner), fails('ENOENT'));
      assert.ok(disk.freeBytes(directory) > 0);
    });
  });
}
