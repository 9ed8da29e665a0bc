// DescribeUserScramCredentials: which users have SCRAM credentials, of which mechanism and how many iterations; never a
// key. Rules: ScramImage.describe, in metadata/scram-credentials.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeUserScramCredentials } from '../../protocol/messages/apis/describe-user-scram-credentials.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { describeScramCredentials } from '../metadata/scram-credentials.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof DescribeUserScramCredentials>;

export const describeUserScramCredentials = handler(
  DescribeUserScramCredentials,
  {
    versions: '0-0',
    acl: { operation: 'DESCRIBE', on: 'CLUSTER' },
    failed: ({ users }, errorCode, message) => failed(users, errorCode, message),
  },
  ({ users }, { node }) =>
    node.metadata.read<Response>(
      image => ({
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        errorMessage: '',
        results: describeScramCredentials(image, users === null ? null : users.map(({ name }) => name)).map(
          ({ user, error, credentials }) => ({
            user,
            errorCode: error.code,
            errorMessage: error.message ?? '',
            credentialInfos: credentials.map(credential => ({ ...credential })),
          }),
        ),
      }),
      ({ code, message }) => failed(users, code, message),
    ),
);

/** As in Apache Kafka each of the users has the error, but no name. */
function failed(users: readonly unknown[] | null, errorCode: number, errorMessage: string | null): Response {
  const results = (users ?? []).map(() => ({ user: '', errorCode, errorMessage, credentialInfos: [] }));
  return { throttleTimeMs: 0, errorCode, errorMessage, results };
}
