// The flags of `millrace up`, one table: help text, environment name, parser and default come from here, and so does
// the reference page. Values are checked here; what they mean together is decided in up-options.ts.

import { metadataVersionOfText } from '../../broker/metadata/metadata-versions.ts';

export interface UpFlags {
  port?: number | 'off';
  httpPort?: number | 'off';
  apiPort?: number | 'off';
  registryPort?: number | 'off';
  restPort?: number | 'off';
  host?: string;
  home?: string;
  data?: string;
  memory?: boolean;
  config?: string[];
  properties?: string;
  flush?: 'always' | 'interval' | 'os';
  profile?: 'dev' | 'kafka';
  clusterId?: string;
  metadataVersion?: number;
  bootstrapServers?: string;
  allowedHost?: string[];
  readyFile?: string;
  open?: boolean;
}

/** A value that its flag does not take, and why. */
export class FlagError extends Error {}

export interface FlagDeclaration {
  readonly flags: string;
  readonly environment: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly parse?: (value: string, previous: never) => unknown;
}

function port(value: string): number | 'off' {
  if (value === 'off') return 'off';
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65535) {
    throw new FlagError('A port is a number from 0 (any free port) to 65535, or "off".');
  }
  return number;
}

/** Repeatable; one environment variable may hold several, separated by new lines or semicolons. */
function listOf(check: (item: string) => void): (value: string, previous: string[] | undefined) => string[] {
  return (value, previous) => {
    const items = value
      .split(/[;\n]/)
      .map(item => item.trim())
      .filter(item => item !== '');
    items.forEach(check);
    return [...(previous ?? []), ...items];
  };
}

function metadataVersion(value: string): number {
  const level = metadataVersionOfText(value);
  if (typeof level === 'string') throw new FlagError(level);
  return level;
}

function keyAndValue(item: string): void {
  if (!/^[^=\s]+=/.test(item)) throw new FlagError(`"${item}" is not of the form key=value.`);
}

export const UP_FLAGS: readonly FlagDeclaration[] = [
  {
    flags: '--port <number>',
    environment: 'MILLRACE_PORT',
    parse: port,
    description: 'Kafka broker (default 9094; 0: any free port; off: no broker)',
  },
  {
    flags: '--http-port <number>',
    environment: 'MILLRACE_HTTP_PORT',
    parse: port,
    description: 'web console (default 8080; 0 or off as above)',
  },
  {
    flags: '--api-port <number>',
    environment: 'MILLRACE_API_PORT',
    parse: port,
    description: 'HTTP API (default 5000; 0 or off as above)',
  },
  {
    flags: '--registry-port <number>',
    environment: 'MILLRACE_REGISTRY_PORT',
    parse: port,
    description: 'schema registry (not served yet)',
  },
  {
    flags: '--rest-port <number>',
    environment: 'MILLRACE_REST_PORT',
    parse: port,
    description: 'REST proxy (not served yet)',
  },
  {
    flags: '--host <address>',
    environment: 'MILLRACE_HOST',
    description: 'address to listen on (default: this machine only; 0.0.0.0: all)',
  },
  {
    flags: '--home <dir>',
    environment: 'MILLRACE_HOME',
    description:
      "where Millrace keeps its files (default .millrace): Kafka's directory in kafka/, its own state beside it",
  },
  {
    flags: '--data <dir>',
    environment: 'MILLRACE_DATA',
    description: "Kafka's data directory, when it is elsewhere",
  },
  {
    flags: '--memory',
    environment: 'MILLRACE_MEMORY',
    description: 'keep everything in memory; nothing is left after the stop',
  },
  {
    flags: '-c, --config <key=value>',
    environment: 'MILLRACE_CONFIG',
    parse: listOf(keyAndValue),
    description: 'any broker property; repeatable',
  },
  {
    flags: '--properties <file>',
    environment: 'MILLRACE_PROPERTIES',
    description: "Kafka's server.properties",
  },
  {
    flags: '--flush <mode>',
    environment: 'MILLRACE_FLUSH',
    choices: ['always', 'interval', 'os'],
    description: 'when a record is acknowledged (default always: once it is on disk)',
  },
  {
    flags: '--profile <name>',
    environment: 'MILLRACE_PROFILE',
    choices: ['dev', 'kafka'],
    description: 'defaults: dev (no waiting in groups) or kafka (as Apache Kafka)',
  },
  {
    flags: '--cluster-id <id>',
    environment: 'MILLRACE_CLUSTER_ID',
    description: 'cluster id of a new data directory',
  },
  {
    flags: '--metadata-version <level>',
    environment: 'MILLRACE_METADATA_VERSION',
    parse: metadataVersion,
    description:
      'metadata.version of a new data directory: 25 to 30, or as Kafka names it, 4.0 to 4.3-IV0 (default 25: any Kafka 4 opens it)',
  },
  {
    flags: '--bootstrap-servers <list>',
    environment: 'MILLRACE_BOOTSTRAP_SERVERS',
    description: 'no broker here: console and API serve this cluster',
  },
  {
    flags: '--allowed-host <name>',
    environment: 'MILLRACE_ALLOWED_HOST',
    parse: listOf(() => {}),
    description: 'another name under which console and API may be called; repeatable',
  },
  {
    flags: '--ready-file <file>',
    environment: 'MILLRACE_READY_FILE',
    description: 'JSON with every address, written once all are ready',
  },
  { flags: '--open', environment: 'MILLRACE_OPEN', description: 'open the console in a browser' },
];
