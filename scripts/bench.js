// npm run bench: sets up what is missing, then measures beside Apache Kafka with the pinned Node.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { ensureReady, pinnedNode, root } from './setup.js';

await ensureReady();
const words = ['--disable-warning=ExperimentalWarning', join(root, 'bench/run.ts'), ...process.argv.slice(2)];
process.exit(spawnSync(pinnedNode, words, { cwd: root, stdio: 'inherit' }).status ?? 1);
