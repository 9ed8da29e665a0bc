// The load of the trace rule: clients side by side over every kind of change, a fixed number of times. Answers to
// each are handed back with what they rest on.

import type { Answer } from './trace.ts';
import { TraceClient } from './trace-client.ts';

const TOPIC = 'shared-topic';
const PRODUCERS = 3;

/** `rounds` of everything, at the same time from all clients. */
export async function traceLoad(port: number, rounds: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const clients: TraceClient[] = [];
  const connect = async (name: string): Promise<TraceClient> => {
    const client = await TraceClient.connect(port, name, answers);
    clients.push(client);
    return client;
  };
  try {
    const first = await connect('first');
    await first.findCoordinators();
    await first.createTopic(TOPIC, { 'segment.bytes': '1048576' });
    const work = [administration, groups, transactions, pipeline, reader].map(async (job, index) =>
      job(await connect(`client${index}`), rounds),
    );
    for (let index = 0; index < PRODUCERS; index++)
      work.push(connect(`producer${index}`).then(client => producer(client, rounds, index)));
    await Promise.all(work);
  } finally {
    for (const client of clients) client.close();
  }
  return answers;
}

async function administration(client: TraceClient, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const name = `made-${String(round).padStart(4, '0')}.`;
    const topicId = await client.createTopic(name);
    await client.produce({ topic: name, partition: 0 });
    await client.configure(name, 'retention.ms', String(1_000_000_000 + round));
    await client.growTopic(name, topicId);
    await client.produce({ topic: name, partition: 2 });
    await client.deleteRecords(name, 0);
    await client.setQuota();
    await client.addUser();
    if (round % 2 === 0) await client.deleteTopic(topicId);
  }
}

async function groups(client: TraceClient, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await client.joinGroup(TOPIC);
    for (let commit = 0; commit < 5; commit++) await client.commitOffset(`group-${commit}`, TOPIC);
  }
}

async function transactions(client: TraceClient, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++)
    await client.transaction(TOPIC, { isOld: round % 3 === 1, isCommit: round % 4 !== 3 });
}

async function pipeline(client: TraceClient, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) await client.producePipelined(TOPIC, round % 2);
}

async function reader(client: TraceClient, rounds: number): Promise<void> {
  let offset = 0;
  for (let round = 0; round < 5 * rounds; round++) offset = await client.fetch(TOPIC, 0, offset);
}

/** Some are so large that segments roll. */
async function producer(client: TraceClient, rounds: number, index: number): Promise<void> {
  for (let round = 0; round < 5 * rounds; round++) {
    const bytes = round % 4 === 0 ? 120_000 : 0;
    await client.produce({ topic: TOPIC, partition: round % 2, acks: index === 0 ? 1 : -1, bytes });
  }
}
