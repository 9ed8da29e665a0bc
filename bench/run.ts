// npm run bench: Apache Kafka 4.3.1 and Millrace in turn, in one run on one machine. Prints a table of medians and
// ratios; `--rounds N` (default 5), `--json`, `--write` puts it into docs/performance.md with machine, versions and date.

import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missingJavaToolchain } from '../test/conformance/reference.ts';
import { startRows } from './start.ts';
import { tableOf } from './support/statistics.ts';

const page = resolve(fileURLToPath(import.meta.url), '../../docs/performance.md');

function pageOf(table: string, rounds: number): string {
  const processors = cpus();
  return `# Start and memory, beside Apache Kafka

<!-- Written by \`npm run bench -- --write\`; do not edit. -->

${table}

Both were started in turn, ${rounds} rounds, each round on fresh directories ("new") and then again on what that left ("existing"); medians, and ratios round by round. Start is from the start of the process to the first answer: ApiVersions for the broker, the ready file once console and API listen for the workbench. Memory is the resident memory of the whole process some seconds after the start, before any call. Apache Kafka has a heap of 1 GB, as its scripts give it.

Machine: ${processors.length} processors (${processors[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}; Node ${process.versions.node}. ${new Date().toISOString().slice(0, 10)}.

Measure it yourself: \`npm run bench\` (needs Java and Maven for Apache Kafka's own jars).
`;
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'boolean' }, write: { type: 'boolean' } },
});
const missing = missingJavaToolchain();
if (missing !== null) {
  process.stderr.write(`Apache Kafka cannot be started beside Millrace, so there is nothing to compare: ${missing}.\n`);
  process.exit(1);
}
const rounds = Number(values.rounds);
const rows = await startRows(rounds);
const table = tableOf(rows);
process.stdout.write(values.json === true ? `${JSON.stringify(rows, null, 2)}\n` : `${table}\n`);
if (values.write === true) writeFileSync(page, pageOf(table, rounds));
