// Code that works as it stands, made from the addresses in use.

export const EXAMPLE_TOPIC = 'primeiro_topico';

export interface Snippet {
  readonly name: string;
  readonly code: string;
}

export interface SnippetOptions {
  readonly servers: readonly string[];
  /** Of the console, which also serves the HTTP API. */
  readonly origin: string;
  readonly topic: string;
}

export function snippetsFor(options: SnippetOptions): readonly Snippet[] {
  return [
    { name: 'kafkajs', code: kafkajs(options) },
    { name: 'kcat', code: kcat(options) },
    { name: 'curl', code: curl(options) },
  ];
}

function kafkajs({ servers, topic }: SnippetOptions): string {
  const brokers = servers.map(server => `'${server}'`).join(', ');
  return `import { Kafka } from 'kafkajs';

const kafka = new Kafka({ brokers: [${brokers}] });
const producer = kafka.producer();
await producer.connect();
await producer.send({
  topic: '${topic}',
  messages: [{ key: 'k1', value: 'Hello, Kafka' }],
});
await producer.disconnect();`;
}

function kcat({ servers, topic }: SnippetOptions): string {
  const brokers = servers.join(',');
  return `# write one record
echo 'k1:Hello, Kafka' | kcat -b ${brokers} -t ${topic} -P -K :

# read from the beginning
kcat -b ${brokers} -t ${topic} -C -o beginning -e`;
}

type CurlOptions = Pick<SnippetOptions, 'origin' | 'topic'>;

export function produceWithCurl({ origin, topic }: CurlOptions): string {
  return `curl ${origin}/api/v1/topics/${topic}/records \\
  -H 'content-type: application/json' \\
  -d '{"records":[{"key":"k1","value":"Hello, Kafka"}]}'`;
}

/** The HTTP API writes to topics that exist; Kafka clients may leave it to the broker to create them. */
export function createAndProduceWithCurl({ origin, topic }: CurlOptions): string {
  return `# create a topic
curl ${origin}/api/v1/topics \\
  -H 'content-type: application/json' -d '{"name":"${topic}"}'

# write one record
${produceWithCurl({ origin, topic })}`;
}

function curl({ origin, topic }: SnippetOptions): string {
  return `${createAndProduceWithCurl({ origin, topic })}

# read the newest ten
curl '${origin}/api/v1/topics/${topic}/records?limit=10'`;
}
