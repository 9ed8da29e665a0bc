// The server-side assignors there are, by the names of group.consumer.assignors.

import type { Assignor } from './assignor.ts';
import { rangeAssignor } from './range.ts';
import { uniformAssignor } from './uniform.ts';

const assignors: readonly Assignor[] = [uniformAssignor, rangeAssignor];

export function assignorNamed(name: string): Assignor | undefined {
  return assignors.find(assignor => assignor.name === name);
}
