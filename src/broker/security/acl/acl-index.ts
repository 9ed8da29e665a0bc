// All ACLs, by kind of resource, then by name: what applies to a resource is found without a look at the others. Literal
// patterns, "*" among them, are found by name; of prefixed ones only the lengths that occur are tried. It decides one
// question and knows neither super users nor defaults. Rules: StandardAuthorizerData.findAclRule and findResult.

import { AclOperation, AclPattern, AclPermission, WILDCARD, WILDCARD_PRINCIPAL } from './acl-names.ts';

/** One ACL: an AccessControlEntryRecord without its id. */
export interface Acl {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

export interface AclQuestion {
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly resourceType: number;
  readonly resourceName: string;
}

/** `none`: the resource has no ACL at all. `unmatched`: it has, but not one that speaks of this. */
export type Verdict = 'allow' | 'deny' | 'unmatched' | 'none';

interface ResourceAcls {
  readonly literal: Map<string, Acl[]>;
  readonly prefixed: Map<string, Acl[]>;
  /** Of the prefixes, how many there are of each length; read in any order. */
  readonly prefixLengths: Map<number, number>;
}

export class AclIndex {
  readonly #byType = new Map<number, ResourceAcls>();
  readonly #byId = new Map<string, Acl>();

  get size(): number {
    return this.#byId.size;
  }

  all(): Iterable<Acl> {
    return this.#byId.values();
  }

  set(id: string, acl: Acl): void {
    this.remove(id);
    this.#byId.set(id, acl);
    const acls = this.#resourceAcls(acl.resourceType);
    const isPrefixed = acl.patternType === AclPattern.PREFIXED;
    const names = isPrefixed ? acls.prefixed : acls.literal;
    const list = names.get(acl.resourceName);
    if (list !== undefined) {
      list.push(acl);
      return;
    }
    names.set(acl.resourceName, [acl]);
    if (isPrefixed) count(acls.prefixLengths, acl.resourceName.length, 1);
  }

  remove(id: string): void {
    const acl = this.#byId.get(id);
    if (acl === undefined) return;
    this.#byId.delete(id);
    const acls = this.#resourceAcls(acl.resourceType);
    const isPrefixed = acl.patternType === AclPattern.PREFIXED;
    const names = isPrefixed ? acls.prefixed : acls.literal;
    const left = (names.get(acl.resourceName) ?? []).filter(other => other !== acl);
    if (left.length > 0) {
      names.set(acl.resourceName, left);
      return;
    }
    names.delete(acl.resourceName);
    if (isPrefixed) count(acls.prefixLengths, acl.resourceName.length, -1);
  }

  clear(): void {
    this.#byId.clear();
    this.#byType.clear();
  }

  verdict(question: AclQuestion): Verdict {
    const acls = this.#byType.get(question.resourceType);
    if (acls === undefined) return 'none';
    const { resourceName } = question;
    let verdict = among(acls.literal.get(resourceName), question, 'none');
    if (resourceName !== WILDCARD) verdict = among(acls.literal.get(WILDCARD), question, verdict);
    for (const length of acls.prefixLengths.keys()) {
      if (verdict === 'deny') return verdict;
      if (length > resourceName.length) continue;
      verdict = among(acls.prefixed.get(resourceName.slice(0, length)), question, verdict);
    }
    return verdict;
  }

  /** Whether there may be any resource of this kind on which the operation is allowed (Authorizer.authorizeByResourceType). */
  allowsSome(question: Omit<AclQuestion, 'resourceName'>): boolean {
    const acls = this.#byType.get(question.resourceType);
    if (acls === undefined) return false;
    const isNamed = (list: readonly Acl[] | undefined, permission: number) =>
      list?.some(acl => acl.permissionType === permission && speaksOf(acl, question)) ?? false;
    if (isNamed(acls.literal.get(WILDCARD), AclPermission.DENY)) return false;
    if (isNamed(acls.literal.get(WILDCARD), AclPermission.ALLOW)) return true;
    const isDeniedByPrefix = (name: string) => {
      for (const length of acls.prefixLengths.keys()) {
        if (length > name.length) continue;
        if (isNamed(acls.prefixed.get(name.slice(0, length)), AclPermission.DENY)) return true;
      }
      return false;
    };
    for (const [name, list] of acls.literal) {
      if (!isNamed(list, AclPermission.ALLOW) || isNamed(list, AclPermission.DENY)) continue;
      if (!isDeniedByPrefix(name)) return true;
    }
    for (const [name, list] of acls.prefixed) {
      if (isNamed(list, AclPermission.ALLOW) && !isDeniedByPrefix(name)) return true;
    }
    return false;
  }

  #resourceAcls(resourceType: number): ResourceAcls {
    let acls = this.#byType.get(resourceType);
    if (acls === undefined) {
      acls = { literal: new Map(), prefixed: new Map(), prefixLengths: new Map() };
      this.#byType.set(resourceType, acls);
    }
    return acls;
  }
}

function count(lengths: Map<number, number>, length: number, difference: 1 | -1): void {
  const left = (lengths.get(length) ?? 0) + difference;
  if (left === 0) lengths.delete(length);
  else lengths.set(length, left);
}

function among(acls: readonly Acl[] | undefined, question: AclQuestion, before: Verdict): Verdict {
  if (acls === undefined || before === 'deny') return before;
  let verdict: Verdict = before === 'none' ? 'unmatched' : before;
  for (const acl of acls) {
    if (!isOf(acl, question) || !covers(acl, question.operation)) continue;
    if (acl.permissionType !== AclPermission.ALLOW) return 'deny';
    verdict = 'allow';
  }
  return verdict;
}

function isOf(acl: Acl, { principal, host }: { readonly principal: string; readonly host: string }): boolean {
  return (
    (acl.principal === principal || acl.principal === WILDCARD_PRINCIPAL) &&
    (acl.host === host || acl.host === WILDCARD)
  );
}

/** Without what is implied: that is not asked of a whole kind of resource. */
function speaksOf(acl: Acl, question: Omit<AclQuestion, 'resourceName'>): boolean {
  const isOperation = acl.operation === question.operation || acl.operation === AclOperation.ALL;
  return isOperation && isOf(acl, question);
}

/** Some operations imply that their object may be described; but only when they are allowed, never when denied. */
function covers({ operation, permissionType }: Acl, asked: number): boolean {
  if (operation === asked || operation === AclOperation.ALL) return true;
  if (permissionType !== AclPermission.ALLOW) return false;
  if (asked === AclOperation.DESCRIBE) {
    return (
      operation === AclOperation.READ ||
      operation === AclOperation.WRITE ||
      operation === AclOperation.DELETE ||
      operation === AclOperation.ALTER
    );
  }
  return asked === AclOperation.DESCRIBE_CONFIGS && operation === AclOperation.ALTER_CONFIGS;
}

/** Order of DescribeAcls: kind, then name from behind (StandardAcl.compareTo). */
export function compareAcls(a: Acl, b: Acl): number {
  return (
    a.resourceType - b.resourceType ||
    compareText(b.resourceName, a.resourceName) ||
    a.patternType - b.patternType ||
    compareText(a.principal, b.principal) ||
    compareText(a.host, b.host) ||
    a.operation - b.operation ||
    a.permissionType - b.permissionType
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The resource that `authorizeByResourceType` asks for first, so that super users pass whatever is denied. */
export const ANY_NAME = 'hardcode';
