// SCRAM credentials: what is refused, and that a user may change once in a request.

import { AlterUserScramCredentials } from '../../../src/protocol/messages/apis/alter-user-scram-credentials.ts';
import { DescribeUserScramCredentials } from '../../../src/protocol/messages/apis/describe-user-scram-credentials.ts';
import { type FrameStep, inAnyOrder, step } from './frame-step.ts';

const SHA_256 = 1;
const SHA_512 = 2;

interface Credential {
  readonly name: string;
  readonly mechanism: number;
  readonly iterations?: number;
  readonly salt?: Buffer;
  readonly saltedPassword?: Buffer;
}

function upsertion({ name, mechanism, iterations = 4096, salt, saltedPassword }: Credential) {
  return {
    name,
    mechanism,
    iterations,
    salt: salt ?? Buffer.from('salt'),
    saltedPassword: saltedPassword ?? Buffer.alloc(32, 7),
  };
}

function alter(
  name: string,
  {
    upsert = [],
    remove = [],
  }: { readonly upsert?: readonly Credential[]; readonly remove?: readonly Credential[] },
): FrameStep {
  return inAnyOrder(
    step(`alter scram: ${name}`, {
      api: AlterUserScramCredentials,
      version: 0,
      body: {
        deletions: remove.map(({ name: user, mechanism }) => ({ name: user, mechanism })),
        upsertions: upsert.map(upsertion),
      },
    }),
  );
}

function describe(name: string, users: readonly string[] | null): FrameStep {
  return inAnyOrder(
    step(`describe scram: ${name}`, {
      api: DescribeUserScramCredentials,
      version: 0,
      body: { users: users === null ? null : users.map(user => ({ name: user })) },
    }),
  );
}

const ann = { name: 'ann', mechanism: SHA_256 };

export const scramSteps: readonly FrameStep[] = [
  describe('nobody there', null),
  alter('nothing', {}),
  alter('a user', { upsert: [ann] }),
  alter('a second mechanism', { upsert: [{ ...ann, mechanism: SHA_512, iterations: 5000 }] }),
  alter('two users', {
    upsert: [
      { ...ann, name: 'bob' },
      { ...ann, name: 'cid', mechanism: SHA_512 },
    ],
  }),
  alter('two mechanisms of one user', {
    upsert: [
      { ...ann, name: 'dan' },
      { ...ann, name: 'dan', mechanism: SHA_512 },
    ],
  }),
  alter('one user three times', { upsert: [ann, ann, ann] }),
  alter('removed and set', { upsert: [ann], remove: [{ ...ann, mechanism: SHA_512 }] }),
  alter('removed twice', { remove: [ann, ann] }),
  alter('an empty name', { upsert: [{ ...ann, name: '' }] }),
  alter('an unknown mechanism', { upsert: [{ ...ann, mechanism: 3 }] }),
  alter('mechanism 0', { upsert: [{ ...ann, mechanism: 0 }] }),
  alter('an empty name of an unknown mechanism', { upsert: [{ ...ann, name: '', mechanism: 9 }] }),
  alter('too few iterations', { upsert: [{ ...ann, iterations: 4095 }] }),
  alter('too many iterations', { upsert: [{ ...ann, iterations: 16_385 }] }),
  alter('no iterations', { upsert: [{ ...ann, iterations: -1 }] }),
  alter('an empty salted password', { upsert: [{ ...ann, name: 'eve', saltedPassword: Buffer.alloc(0) }] }),
  alter('an empty salt', { upsert: [{ ...ann, name: 'fay', salt: Buffer.alloc(0) }] }),
  alter('a good and a bad one', {
    upsert: [
      { ...ann, name: 'gus' },
      { ...ann, name: 'hal', iterations: 1 },
    ],
  }),
  alter('removing nobody', { remove: [{ ...ann, name: 'zoe' }] }),
  alter('removing nothing of a user', { remove: [{ ...ann, name: 'bob', mechanism: SHA_512 }] }),
  alter('removing an unknown mechanism', { remove: [{ ...ann, mechanism: 7 }] }),
  alter('removing an empty name', { remove: [{ ...ann, name: '' }] }),
  alter('removing one', { remove: [{ ...ann, name: 'gus' }] }),
  describe('all, by null', null),
  describe('all, by an empty list', []),
  describe('one', ['ann']),
  describe('one of no credentials', ['gus']),
  describe('one twice', ['ann', 'ann']),
  describe('several', ['bob', 'nobody', 'cid', 'bob', '']),
];
