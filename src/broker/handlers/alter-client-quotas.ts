// AlterClientQuotas: quotas are checked, stored, and act from the next request on (quotas/). A name that stands for an
// address must resolve, so the resolver is asked before the decision. Rules: ClientQuotaControlManager, in
// metadata/client-quotas.ts.

import { KafkaError } from '../../protocol/errors.ts';
import { AlterClientQuotas } from '../../protocol/messages/apis/alter-client-quotas.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { apiErrorOf } from '../metadata/api-error.ts';
import { type AlteredQuota, decideAlterClientQuotas, hostNamesIn } from '../metadata/client-quotas.ts';
import { unresolvedAmong } from '../network/host-names.ts';
import type { Deferred } from '../runtime/deferred.ts';
import { handler, type RequestContext } from './handler.ts';

type Request = RequestOf<typeof AlterClientQuotas>;
type Response = ResponseDraft<typeof AlterClientQuotas>;

/** The resolver's threads are few and shared. */
const HOST_NAMES_MAX = 64;
const NO_NAMES: ReadonlySet<string> = new Set();

export const alterClientQuotas = handler(
  AlterClientQuotas,
  {
    versions: '0-1',
    acl: { operation: 'ALTER_CONFIGS', on: 'CLUSTER' },
    failed: ({ entries }, code, message) =>
      answer(entries.map(({ entity }) => ({ entity, error: { code, message } }))),
  },
  (request, context) => {
    const names = hostNamesIn(request.entries);
    if (names.size === 0) return alter(request, context, NO_NAMES);
    if (names.size > HOST_NAMES_MAX) {
      throw new KafkaError(
        'INVALID_REQUEST',
        `The request names ${names.size} hosts to resolve, more than the ${HOST_NAMES_MAX} allowed. Nothing was changed; name addresses, or split it.`,
      );
    }
    return unresolvedAmong(names).then(unresolved => alter(request, context, unresolved).promise());
  },
);

function alter(
  { entries, validateOnly }: Request,
  { node }: RequestContext,
  unresolvedHosts: ReadonlySet<string>,
): Deferred<Response> {
  return node.metadata
    .write<readonly AlteredQuota[]>(
      image => decideAlterClientQuotas(image, { entries, validateOnly, unresolvedHosts }),
      error => entries.map(({ entity }) => ({ entity, error: apiErrorOf(error) })),
    )
    .map(answer);
}

function answer(results: readonly AlteredQuota[]): Response {
  return {
    throttleTimeMs: 0,
    entries: results.map(({ entity, error }) => ({
      errorCode: error.code,
      errorMessage: error.message,
      entity: entity.map(part => ({ ...part })),
    })),
  };
}
