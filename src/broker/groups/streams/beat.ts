// One heartbeat of a streams group while it is being decided: what it may look at, and what has come of it so far.

import type { GroupRecord } from '../group-records.ts';
import type { Status } from './status.ts';
import type { HeartbeatCommand, StreamsContext, StreamsTimerChange } from './streams-decision.ts';
import type { StreamsGroup } from './streams-group.ts';

export interface Beat {
  readonly group: StreamsGroup;
  readonly command: HeartbeatCommand;
  readonly context: StreamsContext;
  readonly records: GroupRecord[];
  readonly timers: StreamsTimerChange[];
  readonly statuses: Status[];
  /** The name was a group's before, if only of a classic one that makes room. */
  readonly isNameTaken: boolean;
}
