// A classic group of 50 members, each on its own connection, that speak as consumers do: join, sync, heartbeat, and join
// again when told. At rest they wait; while something is measured they ask without a pause, so that no interval of a
// client is part of the time. Measured: from the last first join to all stable, and one more member joining.

import { Heartbeat } from '../../src/protocol/messages/apis/heartbeat.ts';
import { JoinGroup } from '../../src/protocol/messages/apis/join-group.ts';
import { SyncGroup } from '../../src/protocol/messages/apis/sync-group.ts';
import type { ResponseOf } from '../../src/protocol/schema/field.ts';
import type { Measure } from '../loads/load.ts';
import { until } from '../support/api-versions.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { withServer } from '../support/servers.ts';
import { rangeOf } from '../support/statistics.ts';
import type { Apart, ApartOptions } from './apart.ts';

const MEMBERS = 50;
const GROUPS = { full: 5, quick: 2 };
const TIMEOUT_MS = 45_000;
const MEMBER_ID_REQUIRED = 79;
/** ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS. */
const JOIN_AGAIN: readonly number[] = [22, 27];
/** ConsumerProtocolSubscription 0 of the topic "t", ConsumerProtocolAssignment 0 of its partition 0; no user data. */
const SUBSCRIPTION = Buffer.from('0000' + '00000001' + '000174' + 'ffffffff', 'hex');
const ASSIGNMENT = Buffer.from('0000' + '00000001' + '000174' + '00000001' + '00000000' + 'ffffffff', 'hex');
const PROTOCOL = { protocolType: 'consumer', protocolName: 'range' } as const;

type Joined = ResponseOf<typeof JoinGroup>;

class Member {
  readonly #connection: RawKafka;
  readonly #groupId: string;
  #memberId = '';
  /** Of the last assignment it got. */
  generationId = -1;
  /** How many the leader was told of. */
  groupSize = 0;

  private constructor(connection: RawKafka, groupId: string) {
    this.#connection = connection;
    this.#groupId = groupId;
  }

  static async open(port: number, groupId: string): Promise<Member> {
    return new Member(await RawKafka.open(port), groupId);
  }

  findCoordinator(): Promise<boolean> {
    return this.#connection.findCoordinator(this.#groupId);
  }

  close(): void {
    this.#connection.close();
  }

  /** Joins, and joins again whenever told, until `isStable`. */
  async settle(isStable: () => boolean): Promise<void> {
    while (!isStable()) {
      if (this.generationId >= 0 && !(await this.#isToldToJoin())) continue;
      await this.#joinAndSync();
    }
  }

  async #isToldToJoin(): Promise<boolean> {
    const place = { groupId: this.#groupId, generationId: this.generationId, memberId: this.#memberId };
    const { body } = await this.#connection.call(Heartbeat, 4, place);
    return this.#mustJoin('Heartbeat', body.errorCode);
  }

  async #joinAndSync(): Promise<void> {
    this.generationId = -1;
    let joined = await this.#join();
    if (joined.errorCode === MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId;
      joined = await this.#join();
    }
    if (this.#mustJoin('JoinGroup', joined.errorCode)) return;
    this.#memberId = joined.memberId;
    const { generationId, memberId, members } = joined;
    const assignments = members.map(member => ({ memberId: member.memberId, assignment: ASSIGNMENT }));
    const { body } = await this.#connection.call(SyncGroup, 5, {
      groupId: this.#groupId,
      generationId,
      memberId,
      ...PROTOCOL,
      assignments,
    });
    if (this.#mustJoin('SyncGroup', body.errorCode)) return;
    if (!body.assignment.equals(ASSIGNMENT)) throw new Error('a member got another assignment than its own');
    this.generationId = generationId;
    this.groupSize = members.length;
  }

  async #join(): Promise<Joined> {
    const { body } = await this.#connection.call(JoinGroup, 9, {
      groupId: this.#groupId,
      sessionTimeoutMs: TIMEOUT_MS,
      rebalanceTimeoutMs: TIMEOUT_MS,
      memberId: this.#memberId,
      protocolType: PROTOCOL.protocolType,
      protocols: [{ name: PROTOCOL.protocolName, metadata: SUBSCRIPTION }],
    });
    return body;
  }

  #mustJoin(name: string, code: number): boolean {
    if (code !== 0 && !JOIN_AGAIN.includes(code)) throw new Error(`${name} was answered with error ${code}`);
    return code !== 0;
  }
}

/** All hold an assignment of one generation, and its leader was told of all. */
function areStable(members: readonly Member[]): boolean {
  const generationId = members[0]!.generationId;
  return (
    generationId >= 0 &&
    members.every(member => member.generationId === generationId) &&
    members.some(member => member.groupSize === members.length)
  );
}

async function settleMs(members: readonly Member[]): Promise<number> {
  const startMs = performance.now();
  const isLate = () => performance.now() - startMs > 2 * TIMEOUT_MS;
  await Promise.all(members.map(member => member.settle(() => areStable(members) || isLate())));
  if (!areStable(members)) throw new Error(`a group of ${members.length} was not stable in time`);
  return performance.now() - startMs;
}

/** The coordinator may still be loading: a group of one tells. */
async function ready(port: number): Promise<void> {
  const look = async () => {
    const member = await Member.open(port, 'first');
    try {
      if (!(await member.findCoordinator())) return false;
      await settleMs([member]);
      return true;
    } catch {
      return false;
    } finally {
      member.close();
    }
  };
  await until(look, { everyMs: 100, timeoutMs: TIMEOUT_MS });
}

async function measureOn(port: number, groups: number): Promise<Measure[]> {
  await ready(port);
  const togetherMs: number[] = [];
  const oneMoreMs: number[] = [];
  for (let group = 0; group < groups; group += 1) {
    const open = () => Member.open(port, `group-${group}`);
    const members = await Promise.all(Array.from({ length: MEMBERS }, open));
    togetherMs.push(await settleMs(members));
    members.push(await open());
    oneMoreMs.push(await settleMs(members));
    for (const member of members) member.close();
  }
  return [
    {
      id: 'rebalance.together',
      title: `${MEMBERS} members join a new group, last join to all stable`,
      unit: 'ms',
      value: rangeOf(togetherMs).median,
    },
    {
      id: 'rebalance.one',
      title: `one member joins a group of ${MEMBERS}, join to all stable`,
      unit: 'ms',
      value: rangeOf(oneMoreMs).median,
    },
  ];
}

async function measure({ side, isQuick }: ApartOptions): Promise<Measure[]> {
  let measures: Measure[] = [];
  await withServer(side === 'apache' ? 'apache' : 'always', async ({ port }) => {
    const connection = await RawKafka.open(port);
    await connection.createTopics([{ name: 't', partitions: 1 }]);
    connection.close();
    measures = await measureOn(port, isQuick ? GROUPS.quick : GROUPS.full);
  });
  return measures;
}

export const rebalanceRows: readonly Apart[] = [
  { name: 'rebalance', sides: ['apache', 'always'], run: measure },
];
