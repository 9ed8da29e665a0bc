// The client metrics subscriptions of the metadata image, read with the defaults of their keys (ClientMetricsConfigs).

import { parseConfigValue } from '../config/config-value.ts';
import { clientMetricsKeys } from '../config/keys/client-metrics.ts';
import { type MetadataImage, ResourceType } from '../metadata/image.ts';
import type { MetricsSubscription } from './client-telemetry.ts';

const KEY_PREFIX = `${ResourceType.CLIENT_METRICS}:`;

export function metricsSubscriptions(image: MetadataImage): MetricsSubscription[] {
  return [...image.configs]
    .filter(([key]) => key.startsWith(KEY_PREFIX))
    .map(([, values]) => {
      const settingOf = (name: keyof typeof clientMetricsKeys) =>
        parseConfigValue(name, clientMetricsKeys[name], values.get(name) ?? clientMetricsKeys[name].default);
      return {
        metrics: settingOf('metrics') as readonly string[],
        intervalMs: settingOf('interval.ms') as number,
        match: new Map(
          (settingOf('match') as readonly string[]).map(text => {
            const [parameter = '', pattern = ''] = text.split('=');
            return [parameter.trim(), pattern.trim()];
          }),
        ),
      };
    });
}
