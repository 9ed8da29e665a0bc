// The pages of docs/reference, printed from the tables of the program. `node scripts/reference-pages.ts` writes them; a
// test compares them, so that they cannot go stale.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { ConfigKey } from '../src/broker/config/config-key.ts';
import { brokerKeys } from '../src/broker/config/keys/broker.ts';
import { clientMetricsKeys } from '../src/broker/config/keys/client-metrics.ts';
import { groupKeys } from '../src/broker/config/keys/group.ts';
import { topicKeys } from '../src/broker/config/keys/topic.ts';
import { handlers } from '../src/broker/handlers/index.ts';
import { UP_FLAGS } from '../src/cli/options/up-flags.ts';
import { allErrors } from '../src/protocol/errors.ts';
import { apis } from '../src/protocol/messages/apis/index.ts';

const GENERATED =
  '<!-- Printed by `node scripts/reference-pages.ts` from the tables of the program; do not edit. -->';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function page(title: string, introduction: string, body: string): string {
  return `# ${title}\n\n${GENERATED}\n\n${introduction}\n\n${body}\n`;
}

function apisPage(): string {
  const served = new Map(handlers.map(handler => [handler.api.key, handler]));
  const rows = [...apis.values()]
    .sort((a, b) => a.key - b.key)
    .map(api => {
      const handler = served.get(api.key);
      const range = ({ min, max }: { min: number; max: number }) => `${min}-${max}`;
      const known = range(api.request.versions);
      if (handler === undefined) return [String(api.key), api.name, 'not served', '', known, ''];
      const said = handler.advertised === null ? 'not advertised' : range(handler.advertised);
      const advertised = said === range(handler.served) ? '' : said;
      return [String(api.key), api.name, range(handler.served), advertised, known, handler.acl];
    });
  return page(
    'APIs of the broker',
    'What is not served is not advertised. "Known" are the versions of Apache Kafka 4.3.1 that the codecs read and write. ' +
      '"ACL" is what a principal needs once `authorizer.class.name` is set; where several resources are named, each is asked for by itself.',
    `${table(['key', 'API', 'served', 'advertised, where different', 'known', 'ACL'], rows)}\n\n${DIFFERENT_ON_PURPOSE}`,
  );
}

/** Next to the table: what in it is meant. */
const DIFFERENT_ON_PURPOSE = `## Different on purpose

- Keys 52 to 54, 56, 58, 59, 62, 63, 67, 70, 73 and 82 are spoken between the controllers and brokers of a cluster. Apache Kafka serves them on other listeners, or for other nodes; a node alone needs none of them, and its listener for clients advertises none.
- Produce 0 to 2 are advertised, as at Apache Kafka, for clients that would not start without, and refused.
- InitProducerId stops at version 5: 6 is for transactions that are prepared first and ended later (KIP-939), which Apache Kafka 4.3 does not advertise either.
- GetTelemetrySubscriptions and PushTelemetry are answered and not advertised: no receiver of metrics is configured, as at an Apache Kafka without one.

Answers that differ are listed in [conformance.md](../conformance.md#known-differences) and [share-groups.md](../share-groups.md#what-differs-from-apache-kafka).`;

function errorsPage(): string {
  const rows = allErrors().map(({ code, name, retriable, text }) => [
    String(code),
    name,
    retriable ? 'yes' : '',
    text,
  ]);
  return page(
    'Error codes',
    'As Apache Kafka 4.3.1 has them.',
    table(['code', 'name', 'retriable', 'text'], rows),
  );
}

function commandPage(): string {
  const rows = UP_FLAGS.map(({ flags, environment, description, choices }) => [
    `\`${flags}\``,
    `\`${environment}\``,
    description + (choices === undefined ? '' : ` (${choices.join(', ')})`),
  ]);
  return page(
    'millrace up',
    'Flags come before `MILLRACE_*` variables, these before `KAFKA_*`, these before the properties file, and that before the defaults.',
    table(['flag', 'variable', 'meaning'], rows),
  );
}

function configurationPage(): string {
  const tables = [
    ['Broker', brokerKeys],
    ['Topic', topicKeys],
    ['Group', groupKeys],
    ['Client metrics', clientMetricsKeys],
  ] as const;
  const sections = tables.map(([title, keys]) => {
    const rows = Object.entries<ConfigKey>(keys)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, key]) => [
        `\`${name}\``,
        key.type,
        key.default === null ? '' : `\`${key.default}\``,
        key.dynamic ?? '',
        key.effect === 'none' ? 'accepted, no effect' : '',
        key.doc,
      ]);
    return `## ${title}\n\n${table(['key', 'type', 'default', 'changes while running', 'status', 'meaning'], rows)}`;
  });
  return page(
    'Configuration keys',
    'The keys of Apache Kafka 4.3.1. "Accepted, no effect" marks those that nothing in Millrace acts on. Topic keys take their default from the broker key behind them.',
    sections.join('\n\n'),
  );
}

/** File name in docs/reference to text. */
export function referencePages(): Map<string, string> {
  return new Map([
    ['apis.md', apisPage()],
    ['errors.md', errorsPage()],
    ['command.md', commandPage()],
    ['configuration.md', configurationPage()],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = resolve(fileURLToPath(import.meta.url), '../../docs/reference');
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of referencePages()) writeFileSync(join(directory, name), text);
}
