// The heavy rows, in the order of a run.

import type { Apart } from './apart.ts';
import { coldRows } from './cold-consume.ts';
import { connectionRows } from './connections.ts';
import { partitionRows } from './partitions.ts';
import { rebalanceRows } from './rebalance.ts';
import { scanRows } from './scan.ts';
import { sustainedRows } from './sustained.ts';

export const HEAVY: readonly Apart[] = [
  ...partitionRows,
  ...rebalanceRows,
  ...connectionRows,
  ...coldRows,
  ...scanRows,
  ...sustainedRows,
];
