// What a node stands on before it is one: its settings, its data directory and its logs, recovered. Opened in this order,
// so that whoever configured something wrong is told before a directory is touched.

import { DataDirectory } from '../storage/data-dir/data-directory.ts';
import { LogStore } from '../storage/log/log-store.ts';
import type { StorageReport } from '../storage/report.ts';
import type { BrokerOptions } from './broker.ts';
import { ConfigError } from './config/config-value.ts';
import { LogLevels } from './config/log-levels.ts';
import { withProfile } from './config/profiles.ts';
import { notesOn } from './config/property-notes.ts';
import { BrokerSettings } from './config/settings.ts';
import { refuseNewerLevels } from './metadata/newer-level.ts';
import { checkAddressLimits } from './network/connection-limit-settings.ts';
import { withInternalListener } from './network/internal-listener.ts';
import { type ListenerSettings, parseListenerSettings } from './network/listener-settings.ts';
import { type Clock, systemClock, systemTimers, type Timers } from './runtime/clock.ts';
import { EventHub } from './runtime/event-hub.ts';
import { newUuid } from './runtime/uuids.ts';
import { parseAclSettings } from './security/acl/acl-settings.ts';

/** What was configured, understood; nothing has been touched yet. */
export interface Configuration {
  readonly settings: BrokerSettings;
  readonly listenerSettings: ListenerSettings;
  /** The workbench's own: super users besides `super.users`. */
  readonly internalPrincipals: readonly string[];
}

export interface Foundation extends Configuration {
  readonly directory: DataDirectory;
  readonly store: LogStore;
  readonly logLevels: LogLevels;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newUuid: () => string;
  readonly report: (message: string) => void;
  /** Of a directory that is new; absent: the default. */
  readonly metadataVersion?: number | undefined;
}

export function configure(options: BrokerOptions): Configuration {
  const properties = withProfile(options.profile, options.properties).set('log.dirs', options.dataPath);
  const settings = new BrokerSettings({ nodeId: Number(properties.get('node.id')), properties });
  settings.checkProperties();
  checkStaticLimits(settings);
  parseAclSettings(properties);
  for (const note of notesOn(options.properties)) options.report(note);
  const listenerSettings = parseListenerSettings({
    listeners: settings.get('listeners').join(','),
    advertisedListeners: settings.get('advertised.listeners')?.join(',') ?? null,
    securityProtocolMap: settings.get('listener.security.protocol.map'),
  });
  const { internalLogin } = options;
  return {
    settings,
    listenerSettings: withInternalListener(listenerSettings, options),
    internalPrincipals: internalLogin === undefined ? [] : [`User:${internalLogin.username}`],
  };
}

function checkStaticLimits(settings: BrokerSettings): void {
  try {
    checkAddressLimits(name => settings.brokerText(name));
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

/** `syncsLater`: the caller waits for `store.recovered()` before anybody is answered. */
export function openFoundation(
  options: BrokerOptions,
  configuration: Configuration,
  { syncsLater = false }: { readonly syncsLater?: boolean } = {},
): Foundation {
  const { fileSystem, clock = systemClock, timers = systemTimers, events = new EventHub() } = options;
  const { settings } = configuration;
  const directory = DataDirectory.open({
    fileSystem,
    path: options.dataPath,
    ...(options.clusterId === null ? {} : { clusterId: options.clusterId }),
    ...(options.newClusterId === undefined ? {} : { defaultClusterId: options.newClusterId }),
    nodeId: settings.nodeId,
    nowMs: () => clock.nowMs(),
    newUuid: options.newUuid ?? newUuid,
    refuse: refuseNewerLevels,
  });
  const logLevels = new LogLevels();
  const report = (message: string) => options.report(message);
  const store = openStore(options, {
    syncsLater,
    directory,
    clock,
    timers,
    report: leveled(logLevels, report),
  });
  const parts = { directory, store, logLevels, events, clock, timers, report };
  const { metadataVersion } = options;
  return { ...configuration, ...parts, newUuid: options.newUuid ?? newUuid, metadataVersion };
}

function openStore(
  options: BrokerOptions,
  parts: {
    readonly syncsLater: boolean;
    readonly directory: DataDirectory;
    readonly clock: Clock;
    readonly timers: Timers;
    readonly report: (report: StorageReport) => void;
  },
): LogStore {
  try {
    return LogStore.open({
      fileSystem: options.fileSystem,
      durability: options.durability,
      // Only where somebody waits for the sync: elsewhere it takes much at once, and would hold the loop for it.
      ...(options.durability === 'always' ? { elapsedMs: () => performance.now() } : {}),
      ...parts,
    });
  } catch (error) {
    parts.directory.close();
    throw error;
  }
}

function leveled(logLevels: LogLevels, report: (message: string) => void) {
  return ({ level, message }: StorageReport): void => {
    if (logLevels.isPrinted(level === 'info' ? 'INFO' : level === 'warn' ? 'WARN' : 'ERROR')) report(message);
  };
}
