// Prints docs/formats/README.md: the kinds of file in a data directory, each with the comment that opens the file which reads
// and writes it. The comments are the specification; this page is where they are read together. Run it after changing one.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = resolve(root, 'docs/formats/README.md');

const OPENING = `# What lies in a data directory

The directory is Apache Kafka's, byte for byte. Each kind of file is read and written by one file of the sources, and the comment that opens it is the specification; here they stand together (\`node scripts/format-page.ts\` prints this page). Numbers are big-endian. \`millrace storage dump\` shows any of these files.

What no file says: sub-directories that are no partitions stop Apache Kafka at its start, so nothing of Millrace's lies in one. A file that is replaced as a whole is written as \`<name>.tmp\`, synced, renamed, and its directory is synced.
`;

const SECTIONS: readonly (readonly [title: string, files: readonly string[]])[] = [
  [
    'The directory',
    [
      'storage/data-dir/layout.ts',
      'storage/data-dir/meta-properties.ts',
      'storage/data-dir/lock.ts',
      'storage/data-dir/clean-shutdown.ts',
      'storage/data-dir/checkpoint-file.ts',
      'storage/data-dir/offset-checkpoint.ts',
    ],
  ],
  [
    'A partition',
    [
      'storage/log/segment-names.ts',
      'storage/log/segment.ts',
      'storage/log/index-file.ts',
      'storage/log/offset-index.ts',
      'storage/log/time-index.ts',
      'storage/log/transaction-index.ts',
      'storage/log/producer-snapshot.ts',
      'storage/log/leader-epochs.ts',
      'storage/data-dir/partition-metadata.ts',
      'storage/log/cleaned-segment.ts',
      'storage/log/quarantine.ts',
    ],
  ],
  [
    'Batches and records',
    [
      'protocol/records/batch-header.ts',
      'protocol/records/record-walk.ts',
      'protocol/records/control-records.ts',
    ],
  ],
  [
    'The metadata log and the logs of coordinators',
    [
      'storage/data-dir/quorum-state.ts',
      'storage/data-dir/metadata-snapshots.ts',
      'protocol/messages/records/framing.ts',
      'protocol/messages/records/index.ts',
    ],
  ],
];

export function formatPage(): string {
  const sections = SECTIONS.map(([title, files]) => `## ${title}\n\n${files.map(part).join('\n')}`);
  return `${OPENING}\n${sections.join('\n')}`;
}

function part(file: string): string {
  const lines = readFileSync(resolve(root, 'src', file), 'utf8').split('\n');
  const comment = lines.slice(
    0,
    lines.findIndex(line => !line.startsWith('//')),
  );
  const text = comment.map(line => line.slice('// '.length)).join('\n');
  return `[\`src/${file}\`](../../src/${file})\n\n\`\`\`\n${text}\n\`\`\`\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, formatPage());
