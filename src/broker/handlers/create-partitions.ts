// CreatePartitions: more partitions for a topic, live when this answers. Rules: ControllerApis.createPartitions; the
// decision is in metadata/create-partitions.ts.

import { CreatePartitions } from '../../protocol/messages/apis/create-partitions.ts';
import { apiErrorOf } from '../metadata/api-error.ts';
import type { CreatedPartitions } from '../metadata/create-partitions.ts';
import { handler } from './handler.ts';

export const createPartitions = handler(
  CreatePartitions,
  {
    versions: '0-3',
    failed: (request, code, message) =>
      answer(request.topics.map(({ name }) => ({ name, error: { code, message } }))),
  },
  (request, { node }) =>
    node.metadata
      .createPartitions(request, error =>
        request.topics.map(({ name }) => ({ name, error: apiErrorOf(error) })),
      )
      .map(answer),
);

function answer(results: readonly CreatedPartitions[]) {
  return {
    throttleTimeMs: 0,
    results: results.map(({ name, error }) => ({ name, errorCode: error.code, errorMessage: error.message })),
  };
}
