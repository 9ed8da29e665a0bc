// The limits of one quota key and which of them a client falls under (ClientQuotaManager.DefaultQuotaCallback). The most
// specific entity counts: user and client id, user with any client id, user, any user with the client id, any user with
// any client id, any user, client id, any client id. Who shares a limit shares what is measured: with quotas for
// users only, all client ids of a user are one.

import type { QuotaImage } from '../metadata/image.ts';

/** What is measured together. "" where the name does not matter. */
export interface QuotaSubject {
  readonly user: string;
  readonly clientId: string;
}

/** A part of an entity: absent, the default (null), or a name. */
type Part = string | null | undefined;

const USERS = 1;
const CLIENT_IDS = 2;
const PAIRS = 4;

export class QuotaLimits {
  readonly #limits = new Map<string, number>();
  #kinds = 0;

  /** undefined when no entity has the key. */
  static of(quotas: Iterable<QuotaImage>, key: string): QuotaLimits | undefined {
    const limits = new QuotaLimits();
    for (const { entity, values } of quotas) {
      const limit = values.get(key);
      const parts = new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
      if (limit !== undefined) limits.#add(parts.get('user'), parts.get('client-id'), limit);
    }
    return limits.#limits.size === 0 ? undefined : limits;
  }

  subjectOf(user: string, clientId: string): QuotaSubject {
    switch (this.#kinds) {
      case CLIENT_IDS:
        return { user: '', clientId };
      case USERS:
        return { user, clientId: '' };
      case PAIRS:
        return { user, clientId };
      default:
        return this.#mostSpecific(user, clientId);
    }
  }

  /** undefined: unlimited. */
  limitOf({ user, clientId }: QuotaSubject): number | undefined {
    if (user === '') return clientId === '' ? undefined : this.#get(undefined, clientId, null);
    if (clientId === '') return this.#get(user, undefined) ?? this.#get(null, undefined);
    return this.#get(user, clientId, null) ?? this.#get(null, clientId, null);
  }

  #mostSpecific(user: string, clientId: string): QuotaSubject {
    const pair = { user, clientId };
    if (this.#get(user, clientId, null) !== undefined) return pair;
    if (this.#get(user, undefined) !== undefined) return { user, clientId: '' };
    if (this.#get(null, clientId, null) !== undefined) return pair;
    if (this.#get(null, undefined) !== undefined) return { user, clientId: '' };
    return { user: '', clientId };
  }

  #add(user: Part, clientId: Part, limit: number): void {
    this.#limits.set(keyOf(user, clientId), limit);
    this.#kinds |= user === undefined ? CLIENT_IDS : clientId === undefined ? USERS : PAIRS;
  }

  /** The limit of the first client id that has one. */
  #get(user: Part, ...clientIds: Part[]): number | undefined {
    for (const clientId of clientIds) {
      const limit = this.#limits.get(keyOf(user, clientId));
      if (limit !== undefined) return limit;
    }
    return undefined;
  }
}

function keyOf(user: Part, clientId: Part): string {
  return JSON.stringify([user === undefined ? 0 : user, clientId === undefined ? 0 : clientId]);
}
