// Answers whether a principal may do something, as StandardAuthorizer does: super users may; else a DENY that matches
// wins over every ALLOW; else nobody may, unless the resource has no ACL at all and the settings say so. It holds an index
// over the ACLs of the metadata image and changes nothing. What is denied is said to the person who runs the broker, but
// never more than a few lines at a time: a client can cause it at will.

import { clientHostOf } from '../../groups/client-host.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type Acl, AclIndex, ANY_NAME } from './acl-index.ts';
import { AclOperation, AclResource, nameIn } from './acl-names.ts';
import type { AclSettings } from './acl-settings.ts';

/** Who asks. */
export interface Requester {
  /** "User:name" */
  readonly principal: string;
  readonly remoteAddress: string;
}

export interface AclAction {
  readonly operation: number;
  readonly resourceType: number;
  readonly resourceName: string;
  /** Only what was asked for explicitly is worth a line; a filter's "no" is not. */
  readonly isLogged: boolean;
}

/** ACLs as the image has them, by id. */
export type AclSource = ReadonlyMap<string, Acl>;

export interface StandardAuthorizerOptions {
  readonly settings: AclSettings;
  readonly clock: Clock;
  readonly report: (message: string) => void;
}

const LINES_PER_PERIOD = 10;
const PERIOD_MS = 10_000;

export class StandardAuthorizer {
  readonly #settings: AclSettings;
  readonly #clock: Clock;
  readonly #report: (message: string) => void;
  readonly #index = new AclIndex();
  #periodStartMs = Number.NEGATIVE_INFINITY;
  #linesInPeriod = 0;

  constructor({ settings, clock, report }: StandardAuthorizerOptions) {
    this.#settings = settings;
    this.#clock = clock;
    this.#report = report;
  }

  get aclCount(): number {
    return this.#index.size;
  }

  /** Everything anew. */
  reset(acls: AclSource): void {
    this.#index.clear();
    for (const [id, acl] of acls) this.#index.set(id, acl);
  }

  changed(ids: Iterable<string>, acls: AclSource): void {
    for (const id of ids) {
      const acl = acls.get(id);
      if (acl === undefined) this.#index.remove(id);
      else this.#index.set(id, acl);
    }
  }

  isAllowed(requester: Requester, action: AclAction): boolean {
    const { principal } = requester;
    if (this.#settings.superUsers.has(principal)) return true;
    const { operation, resourceType, resourceName } = action;
    const host = hostOf(requester.remoteAddress);
    const verdict = this.#index.verdict({ principal, host, operation, resourceType, resourceName });
    if (verdict === 'allow' || (verdict === 'none' && this.#settings.allowsWithoutAcls)) return true;
    if (action.isLogged) this.#denied(requester, action);
    return false;
  }

  /** Whether the operation is allowed on some resource of the kind, existing or not (KIP-679). */
  isAllowedOnSome(requester: Requester, operation: number, resourceType: number): boolean {
    const action = { operation, resourceType, resourceName: ANY_NAME, isLogged: false };
    if (this.isAllowed(requester, action)) return true;
    const { principal, remoteAddress } = requester;
    return this.#index.allowsSome({ principal, host: hostOf(remoteAddress), operation, resourceType });
  }

  #denied({ principal, remoteAddress }: Requester, action: AclAction): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#periodStartMs >= PERIOD_MS) {
      const unsaid = this.#linesInPeriod - LINES_PER_PERIOD;
      if (unsaid > 0) this.#report(`${unsaid} more operations were denied by ACLs and not listed.`);
      this.#periodStartMs = nowMs;
      this.#linesInPeriod = 0;
    }
    this.#linesInPeriod += 1;
    if (this.#linesInPeriod > LINES_PER_PERIOD) return;
    const resource = `${nameIn(AclResource, action.resourceType)} ${action.resourceName}`;
    this.#report(
      `Principal ${principal} from ${hostOf(remoteAddress)} was denied ${nameIn(AclOperation, action.operation)} on ${resource}. ` +
        'Nothing was read or changed. To allow it, add an ACL (kafka-acls) or name the principal in super.users.',
    );
  }
}

/** As Java's getHostAddress has it, since that is what people write into ACLs: all eight groups of IPv6. */
function hostOf(remoteAddress: string): string {
  return remoteAddress.includes(':') ? clientHostOf(remoteAddress).slice(1) : remoteAddress;
}
