// The index against a naive evaluation: every ACL is looked at for every question, as the rules of StandardAuthorizer say
// it in words. ACLs come and go in between.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fc } from '../../../../test/support/properties.ts';
import { type Acl, AclIndex, type AclQuestion } from './acl-index.ts';

const LITERAL = 3;
const PREFIXED = 4;
const DENY = 2;
const ALLOW = 3;
const names = ['*', 'a', 'ab', 'abc', 'b', 'ba'];
const principals = ['User:*', 'User:alice', 'User:bob'];
const hosts = ['*', '10.0.0.1', '10.0.0.2'];
/** ALL, READ, WRITE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS */
const operations = [2, 3, 4, 6, 7, 8, 10, 11];
const IMPLIED: Readonly<Record<number, readonly number[]>> = { 8: [3, 4, 6, 7], 10: [11] };

const acls = fc.record({
  resourceType: fc.constantFrom(2, 3),
  resourceName: fc.constantFrom(...names),
  patternType: fc.constantFrom(LITERAL, PREFIXED),
  principal: fc.constantFrom(...principals),
  host: fc.constantFrom(...hosts),
  operation: fc.constantFrom(...operations),
  permissionType: fc.constantFrom(DENY, ALLOW, ALLOW, ALLOW),
});
const changes = fc.array(fc.record({ id: fc.integer({ min: 0, max: 9 }), acl: fc.option(acls) }), {
  maxLength: 30,
});

function everyQuestion(): AclQuestion[] {
  return [2, 3].flatMap(resourceType =>
    names.flatMap(resourceName =>
      ['User:alice', 'User:bob', 'User:eve'].flatMap(principal =>
        ['10.0.0.1', '10.0.0.9'].flatMap(host =>
          operations
            .filter(operation => operation !== 2)
            .map(operation => ({ resourceType, resourceName, principal, host, operation })),
        ),
      ),
    ),
  );
}

function isAbout(acl: Acl, question: AclQuestion): boolean {
  if (acl.resourceType !== question.resourceType) return false;
  if (acl.patternType === PREFIXED) return question.resourceName.startsWith(acl.resourceName);
  return acl.resourceName === '*' || acl.resourceName === question.resourceName;
}

function naive(all: readonly Acl[], question: AclQuestion): string {
  const about = all.filter(acl => isAbout(acl, question));
  const matching = about.filter(acl => {
    const isPrincipal = acl.principal === 'User:*' || acl.principal === question.principal;
    const isHost = acl.host === '*' || acl.host === question.host;
    const isImplied = acl.permissionType === ALLOW && IMPLIED[question.operation]?.includes(acl.operation);
    return (
      isPrincipal && isHost && (acl.operation === 2 || acl.operation === question.operation || isImplied)
    );
  });
  if (matching.some(acl => acl.permissionType === DENY)) return 'deny';
  if (matching.length > 0) return 'allow';
  return about.length > 0 ? 'unmatched' : 'none';
}

/** On some resource: tried on every name that an ACL could mean, which is a stricter question than Apache Kafka's. */
function naiveSome(all: readonly Acl[], asked: Omit<AclQuestion, 'resourceName'>): boolean {
  const matching = all.filter(
    ({ resourceType, principal, host, operation }) =>
      resourceType === asked.resourceType &&
      (principal === 'User:*' || principal === asked.principal) &&
      (host === '*' || host === asked.host) &&
      (operation === 2 || operation === asked.operation),
  );
  const denied = matching.filter(acl => acl.permissionType === DENY);
  const isWild = (acl: Acl) => acl.patternType === LITERAL && acl.resourceName === '*';
  if (denied.some(isWild)) return false;
  const allowed = matching.filter(acl => acl.permissionType === ALLOW);
  if (allowed.some(isWild)) return true;
  return allowed.some(
    ({ resourceName, patternType }) =>
      !denied.some(deny =>
        deny.patternType === PREFIXED
          ? resourceName.startsWith(deny.resourceName)
          : patternType === LITERAL && deny.resourceName === resourceName,
      ),
  );
}

it('decides as one who looks at every ACL', () => {
  const questions = everyQuestion();
  fc.assert(
    fc.property(changes, list => {
      const index = new AclIndex();
      const model = new Map<string, Acl>();
      for (const { id, acl } of list) {
        if (acl === null) {
          index.remove(String(id));
          model.delete(String(id));
        } else {
          index.set(String(id), acl);
          model.set(String(id), acl);
        }
      }
      assert.equal(index.size, model.size);
      const all = [...model.values()];
      for (const question of questions) {
        assert.equal(index.verdict(question), naive(all, question), JSON.stringify(question));
        const { resourceName: _, ...asked } = question;
        assert.equal(index.allowsSome(asked), naiveSome(all, asked), JSON.stringify(asked));
      }
    }),
    { numRuns: 200 },
  );
});
