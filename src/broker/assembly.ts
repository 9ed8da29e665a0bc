// Puts a node together on its foundation: metadata loaded and led, partitions open, groups and transactions read from
// their logs. Nothing listens yet.

import type { BrokerSettings } from './config/settings.ts';
import { FetchSessions } from './fetch/fetch-sessions.ts';
import type { Foundation } from './foundation.ts';
import { openGroupCoordinator } from './groups/open-group-coordinator.ts';
import { MetadataBoot } from './metadata/boot.ts';
import type { MetadataChanges } from './metadata/changes.ts';
import { configsOf } from './metadata/configs.ts';
import { ResourceType } from './metadata/image.ts';
import { ProducerIds } from './metadata/producer-ids.ts';
import { AdvertisedEndpoints } from './network/advertised-endpoints.ts';
import type { BrokerNode, LogDirectory } from './node.ts';
import { LargeBatches } from './produce/large-batches.ts';
import { openClientQuotas } from './quotas/open-client-quotas.ts';
import { Replicas } from './replicas.ts';
import { parseAclSettings } from './security/acl/acl-settings.ts';
import { StandardAuthorizer } from './security/acl/standard-authorizer.ts';
import { DelegationTokens } from './security/tokens/delegation-tokens.ts';
import { openShareCoordinator } from './share/open-share-coordinator.ts';
import { openSharePartitions } from './share-fetch/open-share-partitions.ts';
import { metadataLogSettings } from './snapshot-settings.ts';
import { ClientTelemetry } from './telemetry/client-telemetry.ts';
import { metricsSubscriptions } from './telemetry/metrics-subscriptions.ts';
import { openTransactionCoordinator } from './transactions/open-transaction-coordinator.ts';
import { TransactionalAppends } from './transactions/transactional-appends.ts';

export interface Assembly {
  readonly boot: MetadataBoot;
  readonly node: BrokerNode;
  readonly advertised: AdvertisedEndpoints;
}

export function assemble(foundation: Foundation): Assembly {
  const { settings, directory, logLevels, clock, timers, events } = foundation;
  const boot = bootMetadata(foundation);
  const { metadata } = boot;
  const replicas = openReplicas(foundation, boot);
  const producerIds = new ProducerIds(metadata, settings.nodeId);
  const shared = { ...foundation, metadata, partitions: replicas, events };
  const shareCoordinator = openShareCoordinator(shared);
  const groups = openGroupCoordinator({ ...shared, shareCoordinator });
  const transactions = openTransactionCoordinator({ ...shared, groups, producerIds });
  groups.start();
  transactions.start();
  shareCoordinator.start();
  const advertised = new AdvertisedEndpoints(foundation.listenerSettings.advertised, foundation.report);
  const node: BrokerNode = {
    identity: { clusterId: directory.clusterId, nodeId: settings.nodeId, directoryId: directory.directoryId },
    settings,
    metadata,
    partitions: replicas,
    logDirectory: logDirectoryOf(foundation),
    quorum: () => boot.quorum(),
    groups,
    transactions,
    shareCoordinator,
    sharePartitions: openSharePartitions({ ...shared, shareCoordinator }),
    transactionalAppends: new TransactionalAppends(transactions, () =>
      settings.get('transaction.partition.verification.enable'),
    ),
    producerIds,
    largeBatches: new LargeBatches(timers),
    fetchSessions: new FetchSessions({
      clock,
      slots: settings.get('max.incremental.fetch.session.cache.slots'),
    }),
    logLevels,
    quotas: openClientQuotas({ settings, clock, metadata }),
    authorizer: openAuthorizer(foundation, boot),
    delegationTokens: new DelegationTokens({
      metadata,
      settings,
      clock,
      timers,
      newUuid: foundation.newUuid,
    }),
    telemetry: new ClientTelemetry({
      clock,
      newUuid: foundation.newUuid,
      subscriptions: () => metricsSubscriptions(metadata.image),
      bytesMax: () => settings.get('telemetry.max.bytes'),
    }),
    clock,
    timers,
    advertisedEndpoint: connection => advertised.endpointFor(connection),
  };
  return { boot, node, advertised };
}

/** Before anything listens it knows every ACL, and follows their changes from then on. */
function openAuthorizer(
  { settings, clock, report, logLevels, internalPrincipals }: Foundation,
  { metadata }: MetadataBoot,
): StandardAuthorizer | undefined {
  const configured = parseAclSettings(settings.properties);
  if (configured === undefined) return undefined;
  const aclSettings = {
    ...configured,
    superUsers: new Set([...configured.superUsers, ...internalPrincipals]),
  };
  const authorizer = new StandardAuthorizer({
    settings: aclSettings,
    clock,
    report: message => {
      if (logLevels.isPrinted('INFO')) report(message);
    },
  });
  authorizer.reset(metadata.image.acls);
  metadata.onChange(({ isReset, acls }) => {
    if (isReset) authorizer.reset(metadata.image.acls);
    else authorizer.changed(acls, metadata.image.acls);
  });
  return authorizer;
}

function logDirectoryOf({ directory: { path, fileSystem } }: Foundation): LogDirectory {
  return {
    path,
    space: () => ({ totalBytes: fileSystem.totalBytes(path), usableBytes: fileSystem.freeBytes(path) }),
  };
}

function bootMetadata(foundation: Foundation): MetadataBoot {
  const { settings, directory, store, clock, newUuid, report, metadataVersion } = foundation;
  const { nodeId } = settings;
  const environment = { nodeId, directoryId: directory.directoryId, settings, newUuid };
  const log = store.metadataLog(metadataLogSettings(settings));
  const boot = new MetadataBoot({ directory, log, environment, clock, report, metadataVersion });
  boot.load();
  settings.readDynamicFrom(resource => configsOf(boot.metadata.image, resource));
  return boot;
}

function openReplicas({ settings, store }: Foundation, { metadata }: MetadataBoot): Replicas {
  const replicas = new Replicas({ store, settings, nodeId: settings.nodeId });
  metadata.onChange((changes, whenDurable) => {
    forgetChanged(settings, changes);
    replicas.changed(metadata.image, changes, whenDurable);
  });
  replicas.start(metadata.image);
  return replicas;
}

function forgetChanged(settings: BrokerSettings, changes: MetadataChanges): void {
  const isBrokerWide = changes.isReset || changes.configs.some(({ type }) => type === ResourceType.BROKER);
  if (isBrokerWide) settings.forget(null);
  for (const { type, name } of changes.configs) if (type === ResourceType.TOPIC) settings.forget(name);
  for (const { name } of [...changes.topics, ...changes.removedTopics]) settings.forget(name);
}
