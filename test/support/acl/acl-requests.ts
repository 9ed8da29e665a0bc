// One request or more of every API that asks for ACLs, each harmless to whoever may send it: names that do not exist,
// producer ids that nobody has, `validateOnly`. What is there: topic "orders", and group "readers" with an offset in it.

import * as apis from '../../../src/protocol/messages/apis/index.ts';
import type { Api } from '../../../src/protocol/schema/field.ts';
import { allRequests } from './acl-request-bodies.ts';

export interface AclRequest {
  readonly name: string;
  readonly api: Api;
  readonly version: number;
  readonly body: object;
}

const byName = new Map(
  Object.values(apis)
    .flatMap(value => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .flatMap(value => (value instanceof Map ? [...value.values()] : [value]))
    .filter((value): value is Api => typeof value === 'object' && value !== null && 'key' in value)
    .map(api => [api.name, api]),
);

export const aclRequests: readonly AclRequest[] = allRequests.map(([text, body]) => {
  const [apiName = '', version = '', ...rest] = text.split(' ');
  const api = byName.get(apiName);
  if (api === undefined) throw new Error(`there is no API ${apiName}`);
  return { name: [apiName, version, ...rest].join(' '), api, version: Number(version.slice(1)), body };
});
