// DescribeClientQuotas: the quotas of entities that match. Stored, not enforced: every throttle time is 0. Rules:
// ClientQuotasImage.describe, in metadata/client-quotas.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeClientQuotas } from '../../protocol/messages/apis/describe-client-quotas.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { describeClientQuotas as describe } from '../metadata/client-quotas.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof DescribeClientQuotas>;

export const describeClientQuotas = handler(
  DescribeClientQuotas,
  {
    versions: '0-1',
    acl: { operation: 'DESCRIBE_CONFIGS', on: 'CLUSTER' },
    failed: (_request, errorCode, message) => failed(errorCode, message),
  },
  (request, { node }) =>
    node.metadata.read<Response>(
      image => ({
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        errorMessage: '',
        entries: describe(image, request).map(({ entity, values }) => ({
          entity: entity.map(part => ({ ...part })),
          values: Array.from(values, ([key, value]) => ({ key, value })),
        })),
      }),
      ({ code, message }) => failed(code, message),
    ),
);

function failed(errorCode: number, errorMessage: string | null): Response {
  return { throttleTimeMs: 0, errorCode, errorMessage, entries: null };
}
