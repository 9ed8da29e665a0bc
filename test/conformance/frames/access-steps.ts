// What a node without authorizer, SASL, delegation tokens and telemetry plug-in says to those who ask for them.

import { AddRaftVoter } from '../../../src/protocol/messages/apis/add-raft-voter.ts';
import { ApiVersions } from '../../../src/protocol/messages/apis/api-versions.ts';
import { CreateAcls } from '../../../src/protocol/messages/apis/create-acls.ts';
import { CreateDelegationToken } from '../../../src/protocol/messages/apis/create-delegation-token.ts';
import { DeleteAcls } from '../../../src/protocol/messages/apis/delete-acls.ts';
import { DescribeAcls } from '../../../src/protocol/messages/apis/describe-acls.ts';
import { DescribeDelegationToken } from '../../../src/protocol/messages/apis/describe-delegation-token.ts';
import { ExpireDelegationToken } from '../../../src/protocol/messages/apis/expire-delegation-token.ts';
import { RemoveRaftVoter } from '../../../src/protocol/messages/apis/remove-raft-voter.ts';
import { RenewDelegationToken } from '../../../src/protocol/messages/apis/renew-delegation-token.ts';
import { SaslAuthenticate } from '../../../src/protocol/messages/apis/sasl-authenticate.ts';
import { SaslHandshake } from '../../../src/protocol/messages/apis/sasl-handshake.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ask, type FrameStep, step } from './frame-step.ts';

const SOME_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const filter = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 1,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};
const literal = { ...filter, patternTypeFilter: 3 };
const creation = {
  resourceType: 2,
  resourceName: 't',
  resourcePatternType: 3,
  principal: 'User:a',
  host: '*',
  operation: 3,
  permissionType: 3,
};

const versions: FrameStep[] = range(0, 4).map(version => ({
  name: `what is advertised, version ${version}`,
  ask: async peer => {
    const body = { clientSoftwareName: 'frames', clientSoftwareVersion: '1' };
    const answer = (await ask(peer, { api: ApiVersions, version, body })) as ResponseOf<typeof ApiVersions>;
    return answer.apiKeys;
  },
}));

const acls: FrameStep[] = range(1, 3).flatMap(version => [
  step(`describe acls version ${version}`, { api: DescribeAcls, version, body: filter }),
  step(`create acls version ${version}`, {
    api: CreateAcls,
    version,
    body: { creations: [creation, creation] },
  }),
  step(`create no acls version ${version}`, { api: CreateAcls, version, body: { creations: [] } }),
  step(`delete acls version ${version}`, { api: DeleteAcls, version, body: { filters: [literal, literal] } }),
]);

const hostileAcls: FrameStep[] = [
  step('describe acls of an unknown type', {
    api: DescribeAcls,
    version: 3,
    body: { ...literal, resourceTypeFilter: 0 },
  }),
  step('describe acls of type 99', {
    api: DescribeAcls,
    version: 3,
    body: { ...literal, resourceTypeFilter: 99 },
  }),
  step('describe acls by an unknown pattern', {
    api: DescribeAcls,
    version: 3,
    body: { ...filter, patternTypeFilter: 0 },
  }),
  step('describe acls by pattern 77', {
    api: DescribeAcls,
    version: 3,
    body: { ...filter, patternTypeFilter: 77 },
  }),
  step('describe acls by operation 0', { api: DescribeAcls, version: 3, body: { ...filter, operation: 0 } }),
  step('describe acls by permission 0', {
    api: DescribeAcls,
    version: 3,
    body: { ...filter, permissionType: 0 },
  }),
  step('create acls of an unknown type', {
    api: CreateAcls,
    version: 3,
    body: { creations: [{ ...creation, resourceType: 0 }] },
  }),
  step('create acls of any type', {
    api: CreateAcls,
    version: 3,
    body: { creations: [{ ...creation, resourceType: 1 }] },
  }),
  step('create acls by an unknown pattern', {
    api: CreateAcls,
    version: 3,
    body: { creations: [{ ...creation, resourcePatternType: 0 }] },
  }),
  step('create acls with operation 0', {
    api: CreateAcls,
    version: 3,
    body: { creations: [{ ...creation, operation: 0 }] },
  }),
  step('create acls with permission 0', {
    api: CreateAcls,
    version: 3,
    body: { creations: [{ ...creation, permissionType: 0 }] },
  }),
  step('delete acls of an unknown type', {
    api: DeleteAcls,
    version: 3,
    body: { filters: [{ ...literal, resourceTypeFilter: 0 }] },
  }),
  step('delete acls by an unknown pattern', {
    api: DeleteAcls,
    version: 3,
    body: { filters: [{ ...literal, patternTypeFilter: 0 }] },
  }),
  step('delete no acls', { api: DeleteAcls, version: 3, body: { filters: [] } }),
];

const sasl: FrameStep[] = [
  ...[0, 1].flatMap(version => [
    step(`sasl handshake version ${version}`, { api: SaslHandshake, version, body: { mechanism: 'PLAIN' } }),
    step(`sasl handshake of nothing, version ${version}`, {
      api: SaslHandshake,
      version,
      body: { mechanism: '' },
    }),
  ]),
  ...[0, 1, 2].map(version =>
    step(`sasl authenticate version ${version}`, {
      api: SaslAuthenticate,
      version,
      body: { authBytes: Buffer.from('\0a\0b') },
    }),
  ),
];

const renewer = { principalType: 'User', principalName: 'b' };
const noOwner = { ownerPrincipalType: '', ownerPrincipalName: '' };
const tokens: FrameStep[] = [
  ...range(1, 3).flatMap(version => [
    step(`create token version ${version}`, {
      api: CreateDelegationToken,
      version,
      body: {
        ...(version < 3 ? noOwner : { ownerPrincipalType: null, ownerPrincipalName: null }),
        renewers: [renewer],
        maxLifetimeMs: -1n,
      },
    }),
    step(`create token for somebody, version ${version}`, {
      api: CreateDelegationToken,
      version,
      body: {
        ...(version < 3 ? noOwner : { ownerPrincipalType: 'User', ownerPrincipalName: 'x' }),
        renewers: [{ principalType: 'Group', principalName: '' }],
        maxLifetimeMs: 1n,
      },
    }),
    step(`describe tokens version ${version}`, {
      api: DescribeDelegationToken,
      version,
      body: { owners: null },
    }),
    step(`describe tokens of one, version ${version}`, {
      api: DescribeDelegationToken,
      version,
      body: { owners: [renewer] },
    }),
  ]),
  step('create token for half an owner', {
    api: CreateDelegationToken,
    version: 3,
    body: { ownerPrincipalType: 'User', ownerPrincipalName: '', renewers: [], maxLifetimeMs: 1n },
  }),
  ...[1, 2].flatMap(version => [
    step(`renew token version ${version}`, {
      api: RenewDelegationToken,
      version,
      body: { hmac: Buffer.from('h'), renewPeriodMs: 1n },
    }),
    step(`expire token version ${version}`, {
      api: ExpireDelegationToken,
      version,
      body: { hmac: Buffer.from('h'), expiryTimePeriodMs: -1n },
    }),
  ]),
];

/** Sentences about voters name the ids of the cluster and the directory. */
function withoutIds({ name, ask: asked }: FrameStep): FrameStep {
  return {
    name,
    ask: async peer => {
      const answer = await asked(peer);
      const { errorMessage } = answer as { errorMessage: string | null };
      const text = errorMessage
        ?.replace(/cluster id "[^"]+"/, 'cluster id "…"')
        .replaceAll(/id=1, directoryId=[\w-]{22}/g, 'id=1, directoryId=…');
      return { ...(answer as object), errorMessage: text ?? null };
    },
  };
}

const voter = { clusterId: null, timeoutMs: 1000, voterId: 9, voterDirectoryId: SOME_ID };
const endpoint = { name: 'CONTROLLER', host: 'localhost', port: 9 };
const voters: readonly FrameStep[] = [
  ...[0, 1].map(version =>
    step(`add voter of another cluster, version ${version}`, {
      api: AddRaftVoter,
      version,
      body: { ...voter, clusterId: 'x', listeners: [endpoint] },
    }),
  ),
  step('add voter without directory', {
    api: AddRaftVoter,
    version: 1,
    body: { ...voter, voterDirectoryId: ZERO_ID, listeners: [endpoint] },
  }),
  step('add voter below zero', {
    api: AddRaftVoter,
    version: 1,
    body: { ...voter, voterId: -1, listeners: [endpoint] },
  }),
  step('add voter without endpoint', { api: AddRaftVoter, version: 1, body: { ...voter, listeners: [] } }),
  step('add the voter that is there', {
    api: AddRaftVoter,
    version: 1,
    body: { ...voter, voterId: 1, listeners: [endpoint] },
  }),
  step('remove voter of another cluster', {
    api: RemoveRaftVoter,
    version: 0,
    body: { ...voter, clusterId: 'x' },
  }),
  step('remove voter without directory', {
    api: RemoveRaftVoter,
    version: 0,
    body: { ...voter, voterDirectoryId: ZERO_ID },
  }),
  step('remove an unknown voter', { api: RemoveRaftVoter, version: 0, body: voter }),
  step('remove the voter of another directory', {
    api: RemoveRaftVoter,
    version: 0,
    body: { ...voter, voterId: 1 },
  }),
];

export const accessSteps: readonly FrameStep[] = [
  ...versions,
  ...acls,
  ...hostileAcls,
  ...sasl,
  ...tokens,
  ...voters.map(withoutIds),
];
