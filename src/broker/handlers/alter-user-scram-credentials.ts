// AlterUserScramCredentials: SCRAM credentials come and go, one change per user in a request. Rules: ScramControlManager, in
// metadata/scram-credentials.ts.

import { AlterUserScramCredentials } from '../../protocol/messages/apis/alter-user-scram-credentials.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { decideAlterScramCredentials } from '../metadata/scram-credentials.ts';
import { handler } from './handler.ts';

type Request = RequestOf<typeof AlterUserScramCredentials>;
type Response = ResponseDraft<typeof AlterUserScramCredentials>;

export const alterUserScramCredentials = handler(
  AlterUserScramCredentials,
  { versions: '0-0', acl: { operation: 'ALTER', on: 'CLUSTER' }, failed },
  (request, { node }) =>
    node.metadata.write<Response>(
      image => {
        const { records, response } = decideAlterScramCredentials(image, request);
        const results = response.map(({ user, error }) => ({
          user,
          errorCode: error.code,
          errorMessage: error.message,
        }));
        return { records, response: { throttleTimeMs: 0, results } };
      },
      ({ code, message }) => failed(request, code, message),
    ),
);

function failed(
  { deletions, upsertions }: Request,
  errorCode: number,
  errorMessage: string | null,
): Response {
  const users = new Set([...deletions, ...upsertions].map(({ name }) => name));
  return {
    throttleTimeMs: 0,
    results: Array.from(users, user => ({ user, errorCode, errorMessage })),
  };
}
