// What is done with Kafka Connect over one cluster, and what was seen: two file sinks and a file source that writes in
// transactions (KIP-618), governed by REST, on a worker that a second one joins and that is then killed.

import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { type Answer, eventually, Worker } from './worker.ts';

const FILE_SOURCE = 'org.apache.kafka.connect.file.FileStreamSourceConnector';
const FILE_SINK = 'org.apache.kafka.connect.file.FileStreamSinkConnector';
const INTERNAL_TOPICS = ['connect-configs', 'connect-offsets', 'connect-status'];
const TOPIC = 'connect-lines';

export interface Step {
  readonly step: string;
  readonly result: unknown;
}

export async function converseWithConnect(bootstrapServers: string): Promise<Step[]> {
  const conversation = new Conversation(bootstrapServers);
  try {
    await conversation.hold();
    return conversation.steps;
  } finally {
    await conversation.end();
  }
}

class Conversation {
  readonly steps: Step[] = [];
  readonly #servers: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'conformance-connect-'));
  readonly #workers: Worker[] = [];
  #written = 0;

  constructor(servers: string) {
    this.#servers = servers;
    writeFileSync(this.#file('in'), '');
  }

  async hold(): Promise<void> {
    const first = await this.#startWorker();
    await this.#create(first);
    await this.#govern(first);
    const second = await this.#startWorker();
    await this.#share(first, second);
    await first.end('SIGKILL');
    await this.#takeOver(second);
    await this.#describe();
    await this.#remove(second);
  }

  async end(): Promise<void> {
    for (const worker of this.#workers) await worker.end('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #startWorker(): Promise<Worker> {
    const worker = await Worker.start(this.#servers, this.#directory);
    this.#workers.push(worker);
    return worker;
  }

  async #create(worker: Worker): Promise<void> {
    this.#say('version', (await worker.ask('GET', '/')).body.version);
    this.#answer(
      'an unknown class',
      await worker.askCalm('PUT', '/connectors/other/config', { 'connector.class': 'Nobody' }),
    );
    this.#answer('the source', await worker.askCalm('PUT', '/connectors/source/config', this.#source()));
    this.#answer(
      'a sink',
      await worker.askCalm('POST', '/connectors', { name: 'sink', config: this.#sink('sink') }),
    );
    this.#answer(
      'a sink of that name',
      await worker.askCalm('POST', '/connectors', { name: 'sink', config: this.#sink('sink') }),
    );
    this.#answer(
      'a sink without topics',
      await worker.askCalm('PUT', '/connectors/lost/config', { ...this.#sink('lost'), topics: '' }),
    );
    this.#answer('status of an unknown one', await worker.askCalm('GET', '/connectors/unknown/status'));
    for (const name of ['source', 'sink']) await this.#isIn(worker, name, 'RUNNING');
    await this.#linesArrive(100);
  }

  async #govern(worker: Worker): Promise<void> {
    this.#answer('pause', await worker.askCalm('PUT', '/connectors/source/pause'));
    await this.#isIn(worker, 'source', 'PAUSED');
    this.#write(50);
    this.#answer('resume', await worker.askCalm('PUT', '/connectors/source/resume'));
    await this.#isIn(worker, 'source', 'RUNNING');
    await this.#linesArrive(0);
    this.#answer('restart', await worker.askCalm('POST', '/connectors/sink/restart?includeTasks=true'));
    await this.#isIn(worker, 'sink', 'RUNNING');
    this.#answer('restart of a task', await worker.askCalm('POST', '/connectors/source/tasks/0/restart'));
    await this.#isIn(worker, 'source', 'RUNNING');
    await this.#linesArrive(50);
    for (const name of ['source', 'sink']) await this.#setBack(worker, name);
  }

  /** Stop, forget the offsets, go on: everything comes once more. */
  async #setBack(worker: Worker, name: string): Promise<void> {
    this.#answer(`${name} stops`, await worker.askCalm('PUT', `/connectors/${name}/stop`));
    await this.#isIn(worker, name, 'STOPPED');
    this.#answer(`offsets of ${name}`, await worker.askCalm('GET', `/connectors/${name}/offsets`));
    this.#answer(`${name} forgets`, await worker.askCalm('DELETE', `/connectors/${name}/offsets`));
    this.#answer(`offsets of ${name} now`, await worker.askCalm('GET', `/connectors/${name}/offsets`));
    // A sink that is stopped has let go of its file.
    if (name === 'sink') rmSync(this.#file(name));
    this.#answer(`${name} goes on`, await worker.askCalm('PUT', `/connectors/${name}/resume`));
    await this.#isIn(worker, name, 'RUNNING');
    await this.#linesArrive(0);
  }

  async #share(first: Worker, second: Worker): Promise<void> {
    const addresses = [first.address, second.address].sort().join();
    await eventually('both workers have work', async () => (await workersOf(second)).join() === addresses);
    this.#say('both workers have work', true);
    await this.#linesArrive(100);
  }

  /** The first was killed. What it had not committed must not be seen, and what it had must not come again. */
  async #takeOver(second: Worker): Promise<void> {
    this.#write(200);
    await eventually(
      'the second has all work',
      async () => (await workersOf(second)).join() === second.address,
    );
    for (const name of ['source', 'sink']) await this.#isIn(second, name, 'RUNNING');
    await this.#linesArrive(100);
    const check = { ...this.#sink('check'), 'consumer.override.isolation.level': 'read_committed' };
    this.#answer('a sink from the beginning', await second.askCalm('PUT', '/connectors/check/config', check));
    // Its offsets were forgotten once, so the source wrote the first 200 lines twice, and no other.
    const all = this.#written + 200;
    await eventually('the new sink has all', () => this.#read('check').length >= all);
    const times = new Map<string, number>();
    for (const line of this.#read('check')) times.set(line, (times.get(line) ?? 0) + 1);
    this.#say('lines in all', this.#read('check').length);
    this.#say('lines that came twice', [...times].filter(([, count]) => count === 2).length);
    this.#say(
      'lines that came more often',
      [...times].filter(([, count]) => count > 2),
    );
  }

  async #describe(): Promise<void> {
    const kafka = new kafkajs.Kafka({ brokers: [this.#servers], logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...INTERNAL_TOPICS, TOPIC] });
      this.#say('topics', topics.map(({ name, partitions }) => `${name} ${partitions.length}`).sort());
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: INTERNAL_TOPICS.map(name => ({
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name,
          configNames: ['cleanup.policy'],
        })),
      });
      this.#say(
        'settings',
        resources.map(({ configEntries }) =>
          configEntries.map(entry => `${entry.configName}=${entry.configValue}`),
        ),
      );
      const { groups } = await admin.describeGroups(['workers', 'connect-sink', 'connect-check']);
      this.#say(
        'groups',
        groups.map(group => [
          group.groupId,
          group.state,
          group.protocolType,
          group.protocol,
          group.members.length,
        ]),
      );
      const listed = (await admin.listGroups()).groups.map(
        ({ groupId, protocolType }) => `${groupId} ${protocolType}`,
      );
      this.#say('all groups', listed.sort());
    } finally {
      await admin.disconnect();
    }
  }

  async #remove(worker: Worker): Promise<void> {
    for (const name of ['source', 'sink', 'check', 'unknown']) {
      this.#answer(`delete of ${name}`, await worker.askCalm('DELETE', `/connectors/${name}`));
    }
    await eventually(
      'no connector is left',
      async () => (await worker.ask('GET', '/connectors')).body?.length === 0,
    );
    this.#say('connectors', []);
  }

  #source(): Record<string, string> {
    return {
      'connector.class': FILE_SOURCE,
      'tasks.max': '1',
      file: this.#file('in'),
      topic: TOPIC,
      'exactly.once.support': 'required',
      'transaction.boundary': 'poll',
    };
  }

  #sink(name: string): Record<string, string> {
    return { 'connector.class': FILE_SINK, 'tasks.max': '1', file: this.#file(name), topics: TOPIC };
  }

  async #isIn(worker: Worker, name: string, state: string): Promise<void> {
    let seen = '';
    const wanted = state === 'STOPPED' ? 'STOPPED' : `${state} ${state}`;
    await eventually(`${name} is ${wanted}`, async () => {
      const { body } = await worker.ask('GET', `/connectors/${name}/status`);
      const tasks = (body?.tasks ?? []) as { readonly state: string }[];
      seen = [body?.connector?.state, ...tasks.map(task => task.state)].join(' ');
      return seen === wanted;
    });
    this.#say(`${name} is`, seen);
  }

  /** After so many more lines every line ever written stands in the sink's file. */
  async #linesArrive(more: number): Promise<void> {
    this.#write(more);
    await eventually(
      `${this.#written} lines arrive`,
      () => new Set(this.#read('sink')).size === this.#written,
    );
    this.#say('lines that arrived', this.#written);
  }

  #write(count: number): void {
    const numbers = Array.from({ length: count }, (_, index) => this.#written + index);
    appendFileSync(this.#file('in'), numbers.map(number => `line ${number}\n`).join(''));
    this.#written += count;
  }

  #read(name: string): string[] {
    if (!existsSync(this.#file(name))) return [];
    return readFileSync(this.#file(name), 'utf8').split('\n').slice(0, -1);
  }

  #file(name: string): string {
    return join(this.#directory, `${name}.txt`);
  }

  #answer(step: string, { status, body }: Answer): void {
    this.#say(step, { status, body });
  }

  #say(step: string, result: unknown): void {
    const text = JSON.stringify(result)
      .replaceAll(this.#directory, 'DIRECTORY')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST:PORT');
    this.steps.push({ step, result: JSON.parse(text) });
  }
}

/** Who has something to do. */
async function workersOf(worker: Worker): Promise<string[]> {
  const { status, body } = await worker.ask('GET', '/connectors?expand=status');
  if (status !== 200) return [];
  type Status = { status: { connector: { worker_id: string }; tasks: { worker_id: string }[] } };
  const ids = (Object.values(body) as Status[]).flatMap(({ status: { connector, tasks } }) => [
    connector.worker_id,
    ...tasks.map(task => task.worker_id),
  ]);
  return [...new Set(ids)].sort();
}
