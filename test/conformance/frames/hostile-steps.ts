// Frames no client library sends: broken lengths, headers and bodies, unknown APIs and versions. What matters is whether
// there is an answer and how it begins; the list of APIs in it is compared elsewhere.

import { handlers } from '../../../src/broker/handlers/index.ts';
import { ApiVersions } from '../../../src/protocol/messages/apis/api-versions.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ask, askBytes, type FrameStep } from './frame-step.ts';

/** Correlation id and error code. */
const HEAD_BYTES = 6;
const WHOLE = 1_000;

const frames: readonly (readonly [name: string, hex: string, bytesCompared: number])[] = [
  ['of zero bytes', '00000000', WHOLE],
  ['of -1 bytes', 'ffffffff', WHOLE],
  ['of half a header', '00000004 00120000', WHOLE],
  ['without client id', '00000008 0012 0000 00000001', WHOLE],
  ['with a null client id', '0000000a 0012 0000 00000001 ffff', HEAD_BYTES],
  ['with a client id of bad UTF-8', '0000000c 0012 0000 00000001 0002 ffff', HEAD_BYTES],
  ['with bytes behind its body', '0000000e 0012 0000 00000001 ffff 01020304', HEAD_BYTES],
  ['with a client id of -5 bytes', '0000000a 0012 0000 00000001 fffb', HEAD_BYTES],
  ['with a client id beyond its end', '0000000a 0012 0000 00000001 0005', WHOLE],
  ['of API 4', '0000000a 0004 0000 00000001 ffff', WHOLE],
  ['of API 999', '0000000a 03e7 0000 00000001 ffff', WHOLE],
  ['of API -1', '0000000a ffff 0000 00000001 ffff', WHOLE],
  ['of Produce version 2', '0000000a 0000 0002 00000001 ffff', WHOLE],
  ['of ApiVersions version 3 without a name', '0000000e 0012 0003 00000001 ffff 00 01 01 00', HEAD_BYTES],
  ['of ApiVersions version -1', '0000000a 0012 ffff 00000001 ffff', WHOLE],
  ['of ApiVersions version 99, cut', '0000000a 0012 0063 00000001 ffff', WHOLE],
  ['of ApiVersions version 99', '0000000b 0012 0063 00000001 ffff 00', WHOLE],
  ['of Metadata with -2 topics', '0000000e 0003 0001 00000001 ffff fffffffe', HEAD_BYTES],
  ['of Metadata with a billion topics', '0000000e 0003 0001 00000001 ffff 3fffffff', WHOLE],
];

/** Served in fewer versions than Apache Kafka has, each said in its handler: ListTransactions' pattern needs RE2. */
const SERVED_LESS: ReadonlySet<string> = new Set(['ListTransactions']);
const served = new Set(handlers.filter(({ api }) => !SERVED_LESS.has(api.name)).map(({ api }) => api.key));

export const hostileSteps: readonly FrameStep[] = [
  {
    name: 'the versions of the APIs that Millrace serves',
    ask: async peer => {
      const body = { clientSoftwareName: 'frames', clientSoftwareVersion: '1' };
      const answer = (await ask(peer, { api: ApiVersions, version: 4, body })) as ResponseOf<
        typeof ApiVersions
      >;
      return answer.apiKeys.filter(({ apiKey }) => served.has(apiKey));
    },
  },
  ...frames.map(([name, hex, bytesCompared]) => ({
    name: `a frame ${name}`,
    ask: (peer: Parameters<FrameStep['ask']>[0]) => askBytes(peer, hex, bytesCompared),
  })),
];
