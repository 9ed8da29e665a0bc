// `meta.properties`: which cluster, node and directory this is (MetaProperties). Java properties: a line `key=value` each, in
// no order, `\` before a character that means something to the format; lines that begin with `#` or `!` say nothing.
// Version 1:
//   version=1
//   cluster.id=   text, by custom a uuid of 16 bytes in base64url without padding
//   node.id=      decimal
//   directory.id= such a uuid; a directory without one is given one and written anew
// Version 0 (ZooKeeper's) has broker.id instead of node.id and may lack the rest. Replaced as a whole (fs/whole-file.ts).

import type { FileSystem } from '../fs/file-system.ts';
import { readTextFile, replaceWholeFile } from '../fs/whole-file.ts';

export const META_PROPERTIES = 'meta.properties';

export interface MetaProperties {
  readonly version: number;
  readonly clusterId: string | null;
  readonly nodeId: number | null;
  readonly directoryId: string | null;
}

/** null when there is no such file. Values that do not parse come back as null, a version as NaN. */
export function readMetaProperties(fileSystem: FileSystem, directory: string): MetaProperties | null {
  const text = readTextFile(fileSystem, `${directory}/${META_PROPERTIES}`);
  if (text === null) return null;
  const values = parseProperties(text);
  const version = Number(values.get('version') ?? Number.NaN);
  const nodeId = values.get('node.id') ?? values.get('broker.id');
  return {
    version,
    clusterId: values.get('cluster.id') ?? null,
    nodeId: nodeId !== undefined && /^\d+$/.test(nodeId) ? Number(nodeId) : null,
    directoryId: values.get('directory.id') ?? null,
  };
}

export function writeMetaProperties(
  fileSystem: FileSystem,
  directory: string,
  properties: {
    readonly clusterId: string;
    readonly nodeId: number;
    readonly directoryId: string;
    readonly nowMs: number;
  },
): void {
  const lines = [
    '#',
    `#${new Date(properties.nowMs).toUTCString()}`,
    `cluster.id=${properties.clusterId}`,
    `directory.id=${properties.directoryId}`,
    `node.id=${properties.nodeId}`,
    'version=1',
  ];
  replaceWholeFile(fileSystem, `${directory}/${META_PROPERTIES}`, `${lines.join('\n')}\n`);
}

/** The part of Java's properties format that Kafka writes here: no continuation lines, simple escapes. */
function parseProperties(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue;
    const match = /^((?:\\.|[^=:\s\\])+)\s*[=:\s]\s*(.*)$/.exec(line);
    if (match !== null) values.set(unescaped(match[1]!), unescaped(match[2]!));
  }
  return values;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
