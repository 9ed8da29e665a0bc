// THE list: what is in it is served, and nothing else. Dispatch, ApiVersions, docs and metrics labels derive from it.

import { apiVersionsOf } from './api-versions.ts';
import { deleteRecords } from './delete-records.ts';
import { fetch } from './fetch.ts';
import type { Handler } from './handler.ts';
import { initProducerId } from './init-producer-id.ts';
import { listOffsets } from './list-offsets.ts';
import { produce } from './produce.ts';

const served: readonly Handler[] = [produce, fetch, listOffsets, deleteRecords, initProducerId];

export const handlers: readonly Handler[] = [...served, apiVersionsOf(served)];
