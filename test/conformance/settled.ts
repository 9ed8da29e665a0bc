// Waits until a broker has applied every change of metadata that was answered before: Apache Kafka's controller answers
// first, and its broker hears of it later (topics that are not led yet, settings, quotas and ACLs that are not yet felt).
// Its broker applies changes in order, one batch after the other. So a mark is set and waited for, then taken away and
// waited for: by the second, all that came before the first has been applied, not only begun. Nothing is left behind.

import assert from 'node:assert/strict';
import { AlterClientQuotas } from '../../src/protocol/messages/apis/alter-client-quotas.ts';
import { DescribeClientQuotas } from '../../src/protocol/messages/apis/describe-client-quotas.ts';
import { RawConnection } from '../support/raw-connection.ts';

/** An address of documentation (RFC 5737): nobody connects from there, so its quota is felt by nobody. */
const MARK = { entityType: 'ip', entityName: '192.0.2.1' } as const;
const KEY = 'connection_creation_rate';
const EXACTLY = 0;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 5;

/** Of a listener on which whoever connects may change quotas. */
export async function settled(port: number): Promise<void> {
  const connection = await RawConnection.open(port);
  try {
    await settledOn(connection);
  } finally {
    connection.close();
  }
}

/** The same over a connection that is there, for instance one that has logged in. */
export async function settledOn(connection: RawConnection): Promise<void> {
  for (const remove of [false, true]) {
    const { entries } = await connection.request(AlterClientQuotas, 1, {
      entries: [{ entity: [MARK], ops: [{ key: KEY, value: 1_000_000, remove }] }],
      validateOnly: false,
    });
    assert.equal(entries[0]?.errorCode, 0, entries[0]?.errorMessage ?? 'the mark is set');
    await untilMarked(connection, !remove);
  }
}

async function untilMarked(connection: RawConnection, wanted: boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const components = [{ entityType: MARK.entityType, matchType: EXACTLY, match: MARK.entityName }];
  for (;;) {
    const { entries } = await connection.request(DescribeClientQuotas, 1, { components, strict: true });
    if ((entries ?? []).length > 0 === wanted) return;
    assert.ok(performance.now() < deadline, 'the broker never applied a change that its controller answered');
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}
