// The model of a disk must be at least as cruel as disks are, and no more: what was synced is never lost.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FileSystemError } from './file-system.ts';
import { MemoryFileSystem } from './memory.ts';
import { readTextFile, readWholeFile, replaceWholeFile } from './whole-file.ts';

function outcomes(make: () => MemoryFileSystem, look: (disk: MemoryFileSystem) => string): Set<string> {
  const seen = new Set<string>();
  for (let seed = 0; seed < 300; seed++) seen.add(look(make().crash({ seed })));
  return seen;
}

describe('a crash of the memory disk', () => {
  it('keeps, loses or tears what was not synced, and never what was', () => {
    const seen = outcomes(
      () => {
        const disk = new MemoryFileSystem();
        const file = disk.open('/f', 'create');
        file.write([Buffer.from('synced')], 0);
        file.syncNow();
        disk.syncDirectory('/');
        file.write([Buffer.from('+later')], 6);
        return disk;
      },
      disk => readTextFile(disk, '/f') ?? 'gone',
    );
    for (const text of seen) assert.ok(text.startsWith('synced'), text);
    assert.ok(seen.has('synced') && seen.has('synced+later'));
    assert.ok(
      [...seen].some(text => /^synced\+l.*\0/.test(text)),
      'a torn end',
    );
  });

  it('lets later sectors survive without earlier ones', () => {
    const seen = outcomes(
      () => {
        const disk = new MemoryFileSystem();
        disk.open('/f', 'create').write([Buffer.alloc(2048, 'x')], 0);
        disk.syncDirectory('/');
        return disk;
      },
      disk => {
        const bytes = readWholeFile(disk, '/f')!;
        return [0, 512, 1024, 1536]
          .map(at => (at < bytes.length ? (bytes[at] === 0 ? '0' : 'x') : '-'))
          .join('');
      },
    );
    assert.ok(
      [...seen].some(text => text.startsWith('0') && text.includes('x')),
      [...seen].join(' '),
    );
  });

  it('forgets names that were not synced, each on its own', () => {
    const seen = outcomes(
      () => {
        const disk = new MemoryFileSystem();
        disk.open('/old', 'create').syncNow();
        disk.syncDirectory('/');
        disk.open('/new', 'create').syncNow();
        disk.remove('/old');
        return disk;
      },
      disk =>
        disk
          .list('/')
          .map(entry => entry.name)
          .sort()
          .join(' '),
    );
    assert.deepEqual([...seen].sort(), ['', 'new', 'new old', 'old']);
  });

  it('leaves a replaced file old or new, never half', () => {
    const seen = outcomes(
      () => {
        const disk = new MemoryFileSystem();
        replaceWholeFile(disk, '/f', 'old');
        const cut = disk.operations + 5;
        disk.onOperation = () => {
          if (disk.operations >= cut) throw new Error('cut');
        };
        try {
          replaceWholeFile(disk, '/f', 'new content');
        } catch {}
        disk.onOperation = null;
        return disk;
      },
      disk => readTextFile(disk, '/f') ?? 'gone',
    );
    for (const text of seen) assert.ok(text === 'old' || text === 'new content', text);
  });

  it('makes durable what was written before a sync began, not after', () => {
    for (let seed = 0; seed < 50; seed++) {
      const disk = new MemoryFileSystem({ manualSyncs: true });
      const file = disk.open('/f', 'create');
      disk.syncDirectory('/');
      file.write([Buffer.from('before')], 0);
      file.sync(() => {});
      file.write([Buffer.from('after')], 6);
      disk.finishSync();
      assert.ok(readTextFile(disk.crash({ seed }), '/f')!.startsWith('before'));
    }
  });
});

describe('the memory disk', () => {
  it('is full after a short write, and has room again after a removal', () => {
    const disk = new MemoryFileSystem({ capacityBytes: 10 });
    const file = disk.open('/f', 'create');
    assert.throws(
      () => file.write([Buffer.alloc(20)], 0),
      (error: unknown) => error instanceof FileSystemError && error.code === 'ENOSPC',
    );
    assert.equal(file.size(), 10);
    assert.equal(disk.freeBytes(), 0);
    disk.remove('/f');
    assert.equal(disk.freeBytes(), 10);
  });
});
