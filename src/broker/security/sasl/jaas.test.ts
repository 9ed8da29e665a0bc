import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJaasConfig, parseJaasFile } from './jaas.ts';

test('an entry has a module, a flag and options in quotes or without', () => {
  const text = String.raw`org.x.Plain required user_a="p w;" "user_b@c" = 'q"' user_d="\"\\" plain=word; // end`;
  const [entry] = parseJaasConfig(text);
  assert.equal(entry!.module, 'org.x.Plain');
  assert.deepEqual(
    [...entry!.options],
    [
      ['user_a', 'p w;'],
      ['user_b@c', 'q"'],
      ['user_d', '"\\'],
      ['plain', 'word'],
    ],
  );
});

test('what is missing is named, and no value is quoted', () => {
  const messageOf = (text: string) => {
    try {
      parseJaasConfig(text);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  assert.match(messageOf(''), /Login module not specified/);
  assert.match(messageOf('org.x.Plain'), /control flag/);
  assert.match(messageOf('org.x.Plain required user_a;'), /Value not specified for key 'user_a'/);
  assert.match(messageOf('org.x.Plain required user_a="secret"'), /not terminated by semi-colon/);
  assert.doesNotMatch(messageOf('org.x.Plain required user_a="secret"'), /secret/);
});

test('a file has contexts', () => {
  const contexts = parseJaasFile('KafkaServer { org.x.Plain required a="b"; };');
  assert.equal(contexts.get('KafkaServer')![0]!.options.get('a'), 'b');
});
