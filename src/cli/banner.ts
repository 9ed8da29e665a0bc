// What `millrace up` prints once all is ready: where everything is, what is kept where, and the next thing to try.
// It fits one screen.

import pc from 'picocolors';
import type { WorkbenchFacts } from '../workbench.ts';

const DURABILITY: Readonly<Record<string, string>> = {
  always: 'always: acknowledged means on disk',
  interval: 'interval: a power cut may lose the last second, a crash of the process nothing',
  os: 'os: a power cut may lose what the system had not written yet, a crash of the process nothing',
};

const WRITERS = {
  new: 'new',
  millrace: 'last written by Millrace',
  kafka: 'last written by Apache Kafka',
} as const;

type Found = NonNullable<WorkbenchFacts['embedded']>['found'];

/** Who wrote the directory last, how it was left, and what another Kafka must know to open it. */
function foundText({ lastWriter, wasCleanShutdown, metadataVersion, hasStaticVoters }: Found): string {
  const wasChecked = lastWriter !== 'new' && !wasCleanShutdown;
  return [
    WRITERS[lastWriter],
    ...(wasChecked ? ['not stopped cleanly, checked'] : []),
    `metadata.version ${metadataVersion}`,
    ...(hasStaticVoters ? ['static quorum'] : []),
  ].join('; ');
}

function rowsOf(facts: WorkbenchFacts): [string, string][] {
  const { addresses, embedded, external } = facts;
  const rows: [string, string][] = [];
  if (embedded !== null)
    rows.push(['Broker', addresses.broker?.replace('127.0.0.1:', 'localhost:') ?? 'off']);
  if (external !== null) rows.push(['Cluster', `${external.bootstrapServers} (no broker here)`]);
  rows.push(['Console', addresses.console ?? 'off'], ['API', addresses.api ?? 'off']);
  if (embedded !== null) {
    const found = foundText(embedded.found);
    rows.push(
      [
        'Data',
        embedded.dataDirectory === null
          ? 'in memory; nothing is left after the stop'
          : `${embedded.dataDirectory} (${found})`,
      ],
      ['Cluster id', embedded.clusterId],
      [
        'Durability',
        embedded.dataDirectory === null
          ? 'none: memory only'
          : (DURABILITY[embedded.durability] ?? embedded.durability),
      ],
      [
        'Profile',
        embedded.profile === 'dev'
          ? 'dev: groups start without delay (--profile kafka for Apache defaults)'
          : 'kafka: defaults of Apache Kafka',
      ],
    );
  }
  return rows;
}

export function banner(facts: WorkbenchFacts, startedInMs: number): string {
  const { addresses } = facts;
  const lines = [
    '',
    `  ${pc.bold('Millrace')} ${facts.version} ${pc.green('is up')} ${pc.dim(`in ${(startedInMs / 1000).toFixed(2)} s`)}`,
    '',
  ];
  for (const [name, value] of rowsOf(facts)) lines.push(`  ${pc.dim(name.padEnd(11))} ${value}`);
  lines.push('');
  if (addresses.api !== null) lines.push(`  Try         curl -X POST ${addresses.api}/produce`);
  if (addresses.console !== null) lines.push(`  then open   ${addresses.console}`);
  lines.push(`  Stop with   Ctrl-C`, '');
  return lines.join('\n');
}
