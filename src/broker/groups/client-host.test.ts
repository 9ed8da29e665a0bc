import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clientHostOf } from './client-host.ts';

it('writes addresses as Java does', () => {
  const written: [string, string][] = [
    ['127.0.0.1', '/127.0.0.1'],
    ['::1', '/0:0:0:0:0:0:0:1'],
    ['::', '/0:0:0:0:0:0:0:0'],
    ['::ffff:10.0.0.7', '/10.0.0.7'],
    ['fe80::1:2', '/fe80:0:0:0:0:0:1:2'],
    ['fe80::1%eth0', '/fe80:0:0:0:0:0:0:1%eth0'],
    ['2001:db8:1:2:3:4:5:6', '/2001:db8:1:2:3:4:5:6'],
  ];
  for (const [address, host] of written) assert.equal(clientHostOf(address), host);
});
