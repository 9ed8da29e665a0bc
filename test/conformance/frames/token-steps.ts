// Delegation tokens (KIP-48, KIP-373, KIP-900): asked for, described, renewed, ended and logged in with, by those who may and
// those who may not. Times are compared by how far they lie from the time of issue; ids and secrets by whose they are.

import { CreateAcls } from '../../../src/protocol/messages/apis/create-acls.ts';
import { CreateDelegationToken } from '../../../src/protocol/messages/apis/create-delegation-token.ts';
import { DeleteAcls } from '../../../src/protocol/messages/apis/delete-acls.ts';
import { DescribeDelegationToken } from '../../../src/protocol/messages/apis/describe-delegation-token.ts';
import { ExpireDelegationToken } from '../../../src/protocol/messages/apis/expire-delegation-token.ts';
import { RenewDelegationToken } from '../../../src/protocol/messages/apis/renew-delegation-token.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { decodeResponse, type RawConnection } from '../../support/raw-connection.ts';
import { ask, type FrameStep, onceSettled, step } from './frame-step.ts';
import { askAs, askByToken, type SecuredPeer, securedStep, type TokenLogin } from './login-step.ts';

type Creation = RequestDraft<typeof CreateDelegationToken>;

const principal = (principalName: string, principalType = 'User') => ({ principalType, principalName });
const [ALICE, BOB] = [principal('alice'), principal('bob')];
const FOR_EVER = 9_223_372_036_854_775_807n;
const LONG_AGO = -9_223_372_036_854_775_808n;
const MINUTE_MS = 60_000n;
const UNKNOWN_HMAC = Buffer.from('nobody gave this');

/** How many minutes from the issue, or from now: the clock goes on meanwhile, and no step means half a minute. */
function away(timestamp: bigint, since: bigint): string {
  return timestamp <= 0n ? String(timestamp) : `${(timestamp - since + MINUTE_MS / 2n) / MINUTE_MS} minutes`;
}

function create(user: string, name: string, creation: Partial<Creation> = {}, version = 3): FrameStep {
  const text = JSON.stringify(creation, (_key, value) => (typeof value === 'bigint' ? `${value}` : value));
  const owner =
    version < 3
      ? { ownerPrincipalType: '', ownerPrincipalName: '' }
      : { ownerPrincipalType: null, ownerPrincipalName: null };
  return securedStep(`${user} asks for the token "${name}" ${text}, version ${version}`, async peer => {
    const body = { ...owner, renewers: [], maxLifetimeMs: -1n, ...creation };
    const answer = await askAs(peer, user, { api: CreateDelegationToken, version, body });
    if (typeof answer === 'string') return answer;
    const { tokenId, hmac, ...rest } = answer as ResponseOf<typeof CreateDelegationToken>;
    if (rest.errorCode === 0) peer.tokens.set(name, { tokenId, hmac });
    return {
      ...rest,
      issueTimestampMs: rest.issueTimestampMs > 0n,
      expiryTimestampMs: away(rest.expiryTimestampMs, rest.issueTimestampMs),
      maxTimestampMs: away(rest.maxTimestampMs, rest.issueTimestampMs),
      tokenId: tokenId.length,
      hmac: hmac.length,
    };
  });
}

function describe(
  user: string,
  owners: RequestDraft<typeof DescribeDelegationToken>['owners'],
  version = 3,
): FrameStep {
  const text = owners?.map(({ principalName }) => principalName).join(',') ?? 'everybody';
  return onceSettled(
    securedStep(`${user} looks at the tokens of ${text}, version ${version}`, async peer => {
      const answer = await askAs(peer, user, { api: DescribeDelegationToken, version, body: { owners } });
      if (typeof answer === 'string') return answer;
      const { errorCode, tokens } = answer as ResponseOf<typeof DescribeDelegationToken>;
      const names = new Map(Array.from(peer.tokens, ([name, { tokenId }]) => [tokenId, name]));
      return {
        errorCode,
        tokens: tokens
          .map(({ tokenId, hmac, ...token }) => ({
            ...token,
            issueTimestamp: token.issueTimestamp > 0n,
            expiryTimestamp: away(token.expiryTimestamp, token.issueTimestamp),
            maxTimestamp: away(token.maxTimestamp, token.issueTimestamp),
            name: names.get(tokenId) ?? 'of a run before',
            isHmac: peer.tokens.get(names.get(tokenId) ?? '')?.hmac.equals(hmac),
          }))
          .filter(({ name }) => name !== 'of a run before')
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      };
    }),
  );
}

const hmacOf = (peer: SecuredPeer, name: string) => peer.tokens.get(name)?.hmac ?? UNKNOWN_HMAC;

function renew(user: string, name: string, renewPeriodMs: bigint, version = 2): FrameStep {
  return onceSettled(
    securedStep(`${user} renews "${name}" for ${renewPeriodMs}, version ${version}`, async peer => {
      const body = { hmac: hmacOf(peer, name), renewPeriodMs };
      return fromNow(await askAs(peer, user, { api: RenewDelegationToken, version, body }));
    }),
  );
}

function expire(user: string, name: string, expiryTimePeriodMs: bigint, version = 2): FrameStep {
  return onceSettled(
    securedStep(`${user} lets "${name}" end in ${expiryTimePeriodMs}, version ${version}`, async peer => {
      const body = { hmac: hmacOf(peer, name), expiryTimePeriodMs };
      return fromNow(await askAs(peer, user, { api: ExpireDelegationToken, version, body }));
    }),
  );
}

function fromNow(answer: unknown): unknown {
  if (typeof answer === 'string') return answer;
  const { errorCode, expiryTimestampMs } = answer as ResponseOf<typeof RenewDelegationToken>;
  return { errorCode, expiry: away(expiryTimestampMs, BigInt(Date.now())) };
}

/** Who one is, is read from a request that a token never allows. */
async function whoAmI(connection: RawConnection): Promise<unknown> {
  const body = { ownerPrincipalType: null, ownerPrincipalName: null, renewers: [], maxLifetimeMs: -1n };
  connection.send(CreateDelegationToken, 3, body);
  const { errorCode, principalType, principalName } = decodeResponse(
    CreateDelegationToken,
    3,
    await connection.frame(),
  ) as ResponseOf<typeof CreateDelegationToken>;
  return { errorCode, principalType, principalName };
}

function logIn(what: string, name: string, change: Partial<TokenLogin> = {}): FrameStep {
  return onceSettled(
    securedStep(`login with "${name}": ${what}`, async peer => {
      const token = peer.tokens.get(name);
      const login = { tokenId: token?.tokenId ?? 'none', password: hmacOf(peer, name).toString('base64') };
      return askByToken(peer, { ...login, ...change }, whoAmI);
    }),
  );
}

function grant(resourceType: number, operation: number, name: (peer: SecuredPeer) => string): FrameStep {
  return securedStep(`alice may ${operation} on ${resourceType}`, peer => {
    const creation = {
      resourceType,
      resourceName: name(peer),
      resourcePatternType: 3,
      principal: 'User:alice',
      host: '*',
      operation,
      permissionType: 3,
    };
    return ask(peer, { api: CreateAcls, version: 3, body: { creations: [creation] } });
  });
}

const Resource = { TOKEN: 6, USER: 7 } as const;
const Operation = { DESCRIBE: 8, CREATE_TOKENS: 13, DESCRIBE_TOKENS: 14 } as const;

const creations: FrameStep[] = [
  ...[1, 2, 3].map(version => create('alice', `plain ${version}`, { renewers: [BOB] }, version)),
  ...[0n, 1n, 60_000n, 1_000_000_000_000n, FOR_EVER, -2n, LONG_AGO].map(maxLifetimeMs =>
    create('alice', `of ${maxLifetimeMs}`, { maxLifetimeMs }),
  ),
  create('alice', 'renewed by two', { renewers: [BOB, BOB, ALICE] }),
  create('alice', 'renewed by a group', { renewers: [principal('staff', 'Group')] }),
  create('alice', 'renewed by nobody', { renewers: [principal('', 'User')] }),
  create('alice', "bob's", { ownerPrincipalType: 'User', ownerPrincipalName: 'bob' }),
  create('alice', 'her own', { ownerPrincipalType: 'User', ownerPrincipalName: 'alice' }),
  create('alice', 'half an owner', { ownerPrincipalType: 'User', ownerPrincipalName: '' }),
  create('admin', "carol's", { ownerPrincipalType: 'User', ownerPrincipalName: 'carol' }),
  create('admin', "a group's", { ownerPrincipalType: 'Group', ownerPrincipalName: 'staff' }),
  create('admin', "nobody's", { ownerPrincipalType: '', ownerPrincipalName: 'carol' }),
  create('admin', 'without a type', { ownerPrincipalType: null, ownerPrincipalName: 'carol' }),
  create('admin', "admin's"),
  create('bob', "bob's own"),
];

const looks: FrameStep[] = [
  ...[1, 2, 3].map(version => describe('alice', null, version)),
  describe('alice', []),
  describe('alice', [ALICE]),
  describe('alice', [BOB]),
  describe('alice', [principal('carol')]),
  describe('alice', [principal('nobody')]),
  describe('bob', null),
  describe('bob', [ALICE]),
  describe('admin', null),
  describe('admin', [principal('carol'), BOB]),
  describe('admin', [principal('carol', 'Group')]),
  grant(Resource.TOKEN, Operation.DESCRIBE, peer => peer.tokens.get("admin's")?.tokenId ?? ''),
  describe('alice', null),
  grant(Resource.USER, Operation.DESCRIBE_TOKENS, () => 'User:carol'),
  describe('alice', [principal('carol')]),
  grant(Resource.USER, Operation.CREATE_TOKENS, () => 'User:bob'),
  onceSettled(create('alice', "bob's", { ownerPrincipalType: 'User', ownerPrincipalName: 'bob' })),
  describe('bob', null),
];

const ends: FrameStep[] = [
  ...[1, 2].flatMap(version => [
    renew('alice', 'plain 3', -1n, version),
    renew('alice', 'unknown', 1_000n, version),
    expire('alice', 'unknown', 1_000n, version),
  ]),
  ...[0n, 60_000n, 100_000_000_000n, -5n].map(period => renew('bob', 'plain 3', period)),
  renew('bob', "carol's", 1_000n),
  renew('admin', 'plain 3', 1_000n),
  renew('admin', "carol's", 1_000n),
  renew('alice', "bob's", 1_000n),
  renew('alice', 'plain 3', FOR_EVER),
  describe('alice', [ALICE]),
  logIn('by SHA-256', 'plain 3'),
  logIn('by SHA-512', 'plain 3', { mechanism: 'SCRAM-SHA-512' }),
  logIn('with another secret', 'plain 3', { password: 'x' }),
  logIn('without saying that it is a token', 'plain 3', { extensions: '' }),
  logIn('tokenauth=false', 'plain 3', { extensions: ',tokenauth=false' }),
  logIn('tokenauth=TRUE', 'plain 3', { extensions: ',tokenauth=TRUE' }),
  logIn('another token id', 'plain 3', { tokenId: 'alice' }),
  logIn('asked for by somebody else', "carol's"),
  logIn('of a group', "a group's"),
  expire('bob', "carol's", -1n),
  expire('admin', 'plain 3', -1n),
  expire('alice', 'plain 2', MINUTE_MS),
  expire('alice', 'plain 2', FOR_EVER),
  describe('alice', [ALICE]),
  expire('bob', 'plain 2', 0n),
  logIn('that has ended', 'plain 2'),
  renew('alice', 'plain 2', 1_000n),
  expire('alice', 'plain 2', 1_000n),
  expire('alice', 'plain 2', -1n),
  expire('alice', 'plain 2', -1n),
  logIn('that is gone', 'plain 2'),
  describe('alice', [ALICE]),
];

/** What was granted here goes again. */
const farewell = securedStep('no ACL is left', async peer => {
  const filter = {
    resourceTypeFilter: 1,
    resourceNameFilter: null,
    patternTypeFilter: 1,
    principalFilter: null,
    hostFilter: null,
    operation: 1,
    permissionType: 1,
  };
  const answer = await ask(peer, { api: DeleteAcls, version: 3, body: { filters: [filter] } });
  return (answer as ResponseOf<typeof DeleteAcls>).filterResults.map(
    ({ matchingAcls }) => matchingAcls.length,
  );
});

export const tokenSteps: readonly FrameStep[] = [
  ...creations,
  ...looks,
  ...ends,
  step('without a login nobody has tokens', {
    api: DescribeDelegationToken,
    version: 3,
    body: { owners: null },
  }),
  farewell,
];
