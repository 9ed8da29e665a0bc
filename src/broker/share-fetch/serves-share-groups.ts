// Whether this cluster has share groups (KIP-932): from level 1 of share.version on.

import { SHARE_VERSION } from '../metadata/features.ts';
import type { MetadataImage } from '../metadata/image.ts';

export function servesShareGroups(image: MetadataImage): boolean {
  return (image.features.get(SHARE_VERSION) ?? 0) > 0;
}
