// The quotas of a node: its windows from the configuration, its limits from the metadata, now and whenever they change.

import type { BrokerSettings } from '../config/settings.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { addressesOf } from '../network/host-names.ts';
import type { Clock } from '../runtime/clock.ts';
import { ClientQuotas } from './client-quotas.ts';

export function openClientQuotas(options: {
  readonly settings: BrokerSettings;
  readonly clock: Clock;
  readonly metadata: Metadata;
}): ClientQuotas {
  const { settings, clock, metadata } = options;
  const quotas = new ClientQuotas({
    clock,
    windows: {
      count: settings.get('quota.window.num'),
      sizeMs: settings.get('quota.window.size.seconds') * 1000,
    },
    controllerWindows: {
      count: settings.get('controller.quota.window.num'),
      sizeMs: settings.get('controller.quota.window.size.seconds') * 1000,
    },
  });
  const changed = () => {
    quotas.changed(metadata.image.quotas);
    for (const name of quotas.addresses.hostNames) {
      void addressesOf(name).then(addresses => quotas.addresses.resolved(name, addresses));
    }
  };
  metadata.onChange(changes => {
    if (changes.quotas || changes.isReset) changed();
  });
  changed();
  return quotas;
}
