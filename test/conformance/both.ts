// Apache Kafka and Millrace beside each other, with the same properties, for suites that ask both the same. Records stay
// however old they are: many conversations write records of years ago, and the first look for old ones comes half a minute
// after a start, another every five minutes.

import { startWorkbench } from '../support/workbench.ts';
import { type ReferenceOptions, startReference } from './reference.ts';

export interface Both {
  /** Bootstrap servers of Apache Kafka. */
  readonly theirs: string;
  /** Bootstrap servers of Millrace. */
  readonly ours: string;
  stop(): Promise<void>;
}

export interface BothOptions extends Pick<ReferenceOptions, 'releaseVersion' | 'heap'> {
  readonly properties?: Readonly<Record<string, string>>;
  /** metadata.version that Millrace gives its directory; that of Apache Kafka is told by `releaseVersion`. */
  readonly metadataVersion?: number;
}

const ALWAYS = { 'log.retention.ms': '-1' };

export async function startBoth({ properties, metadataVersion, ...more }: BothOptions = {}): Promise<Both> {
  const same = { ...ALWAYS, ...properties };
  const starts = await Promise.allSettled([
    startReference({ ...more, properties: same }),
    startWorkbench({
      config: Object.entries(same).map(([key, value]) => `${key}=${value}`),
      ...(metadataVersion === undefined ? {} : { metadataVersion }),
    }),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(starts.map(start => (start.status === 'fulfilled' ? start.value.stop() : null)));
  };
  const [reference, millrace] = starts;
  if (reference.status === 'fulfilled' && millrace.status === 'fulfilled') {
    return { theirs: reference.value.bootstrapServers, ours: millrace.value.addresses.broker!, stop };
  }
  await stop();
  throw [reference, millrace].find(start => start.status === 'rejected')!.reason;
}
