import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ListenerSettingsError, parseListenerSettings } from './listener-settings.ts';

function refusal(keys: Parameters<typeof parseListenerSettings>[0]): string {
  try {
    parseListenerSettings(keys);
  } catch (error) {
    assert(error instanceof ListenerSettingsError);
    return error.message;
  }
  assert.fail('these keys are refused');
}

test('one name may have an IPv4 and an IPv6 address on one port (KIP-797)', () => {
  const { listeners } = parseListenerSettings({
    listeners: 'PLAINTEXT://127.0.0.1:9094,PLAINTEXT://[::1]:9094',
  });
  assert.deepEqual(listeners, [
    { name: 'PLAINTEXT', host: '127.0.0.1', port: 9094, protocol: 'PLAINTEXT' },
    { name: 'PLAINTEXT', host: '::1', port: 9094, protocol: 'PLAINTEXT' },
  ]);
});

test('several PLAINTEXT listeners come from the protocol map, names in any case', () => {
  const { listeners, advertised } = parseListenerSettings({
    listeners: 'host://0.0.0.0:9094, INTERNAL://:9095',
    advertisedListeners: 'HOST://localhost:9094,INTERNAL://kafka:9095',
    securityProtocolMap: 'HOST:PLAINTEXT,internal:plaintext',
  });
  assert.deepEqual(
    listeners.map(listener => [listener.name, listener.host, listener.port, listener.protocol]),
    [
      ['HOST', '0.0.0.0', 9094, 'PLAINTEXT'],
      ['INTERNAL', '', 9095, 'PLAINTEXT'],
    ],
  );
  assert.deepEqual(advertised.get('INTERNAL'), { name: 'INTERNAL', host: 'kafka', port: 9095 });
});

test('a listener has the protocol of its name, or of the map', () => {
  const securityProtocolMap = 'SECURE:SASL_SSL';
  const listeners = 'SSL://:1,SASL_PLAINTEXT://:2,SECURE://:3';
  assert.deepEqual(
    parseListenerSettings({ listeners, securityProtocolMap }).listeners.map(({ protocol }) => protocol),
    ['SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
  );
  assert.throws(() => parseListenerSettings({ listeners: 'SECURE://:3' }), /No security protocol is known/);
});

test('mistakes are named with the entry that holds them', () => {
  assert.match(refusal({ listeners: '' }), /listeners is empty/);
  assert.match(refusal({ listeners: 'localhost:9092' }), /"localhost:9092"/);
  assert.match(refusal({ listeners: 'PLAINTEXT://localhost:70000' }), /0 to 65535/);
  assert.match(refusal({ listeners: 'PLAINTEXT://a:1,PLAINTEXT://b:2' }), /PLAINTEXT twice/);
  const map = 'A:PLAINTEXT,B:PLAINTEXT';
  assert.match(
    refusal({ listeners: 'A://:9092,B://h:9092', securityProtocolMap: map }),
    /both want port 9092/,
  );
  assert.match(refusal({ listeners: 'A://:1', securityProtocolMap: 'A=PLAINTEXT' }), /"A=PLAINTEXT"/);
  const plain = 'PLAINTEXT://0.0.0.0:9092';
  assert.match(refusal({ listeners: plain, advertisedListeners: plain }), /no client can dial/);
  assert.match(refusal({ listeners: plain, advertisedListeners: 'OTHER://h:1' }), /not in listeners/);
  assert.match(
    refusal({ listeners: plain, advertisedListeners: 'PLAINTEXT://a:1,PLAINTEXT://b:1' }),
    /twice/,
  );
});
