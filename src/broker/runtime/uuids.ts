// Random uuids (version 4) in Kafka's text: base64url, 22 characters, never one that begins with a dash, because tools
// would take that for an option, nor one of the reserved (org.apache.kafka.common.Uuid).

import { randomBytes } from '../../host-files.ts';

export function newUuid(): string {
  for (;;) {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const text = bytes.toString('base64url');
    if (!text.startsWith('-')) return text;
  }
}
