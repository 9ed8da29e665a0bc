// kafkajs logs in once for each entry of the list that its argument names: see logins.ts.

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import type { Login } from './logins.ts';

const MECHANISMS = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' };

function configOf({ address, tls, sasl }: Login): KafkaConfig {
  const key = tls?.key == null ? {} : { key: readFileSync(tls.key), cert: readFileSync(tls.key) };
  const ca = tls?.ca == null ? {} : { ca: [readFileSync(tls.ca)] };
  return {
    brokers: [address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5_000,
    authenticationTimeout: 5_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
    ...(tls === null ? {} : { ssl: { ...ca, ...key } }),
    ...(sasl === null
      ? {}
      : {
          sasl: {
            mechanism: MECHANISMS[sasl.mechanism as keyof typeof MECHANISMS],
            username: sasl.username,
            password: sasl.password,
          } as NonNullable<KafkaConfig['sasl']>,
        }),
  };
}

for (const login of JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Login[]) {
  const admin = new Kafka(configOf(login)).admin();
  try {
    await admin.connect();
    console.log(`${login.name}: topics ${(await admin.listTopics()).join(',')}`);
  } catch {
    console.log(`${login.name}: refused`);
  } finally {
    await admin.disconnect();
  }
}
