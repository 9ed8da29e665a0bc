// Feature levels: up, down, refused, and what eligible leader replicas (KIP-966) forbid once they are on. These steps come
// last, because they change the cluster for all that follow.

import { ApiVersions } from '../../../src/protocol/messages/apis/api-versions.ts';
import { IncrementalAlterConfigs } from '../../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { UpdateFeatures } from '../../../src/protocol/messages/apis/update-features.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ask, type FrameStep, step } from './frame-step.ts';

export const UPGRADE = 1;
export const SAFE_DOWNGRADE = 2;
export const UNSAFE_DOWNGRADE = 3;
export const SET = 0;
export const DELETE = 1;
const BROKER = 4;
export const ELR = 'eligible.leader.replicas.version';
/** Apache Kafka's brokers hear of a level some time after its controller. */
const HEARD_AFTER_MS = 100;
const TRIES_MAX = 300;

export function update(
  feature: string,
  maxVersionLevel: number,
  upgradeType: number,
  version = 2,
): FrameStep {
  return step(`UpdateFeatures v${version} of ${feature} to ${maxVersionLevel}, type ${upgradeType}`, {
    api: UpdateFeatures,
    version,
    body: {
      timeoutMs: 5_000,
      validateOnly: false,
      featureUpdates: [{ feature, maxVersionLevel, upgradeType, allowDowngrade: false }],
    },
  });
}

export function finalized(feature: string, level: number): FrameStep {
  return {
    name: `${feature} is finalized at ${level}`,
    ask: async peer => {
      for (let tries = 0; ; tries++) {
        const { finalizedFeatures } = (await ask(peer, {
          api: ApiVersions,
          version: 4,
          body: { clientSoftwareName: 'raw', clientSoftwareVersion: '1.0' },
        })) as ResponseOf<typeof ApiVersions>;
        const found = finalizedFeatures.find(({ name }) => name === feature)?.maxVersionLevel ?? 0;
        if (found === level || tries === TRIES_MAX) return found;
        await new Promise(resolve => setTimeout(resolve, HEARD_AFTER_MS));
      }
    },
  };
}

export function alter(
  broker: string,
  config: { readonly name: string; readonly configOperation: number; readonly value: string | null },
): FrameStep {
  return step(`${config.configOperation === SET ? 'SET' : 'DELETE'} ${config.name} of broker "${broker}"`, {
    api: IncrementalAlterConfigs,
    version: 1,
    body: {
      resources: [{ resourceType: BROKER, resourceName: broker, configs: [config] }],
      validateOnly: false,
    },
  });
}

export const minInsync = (configOperation: number, value: string | null) => ({
  name: 'min.insync.replicas',
  configOperation,
  value,
});

export const featureSteps: readonly FrameStep[] = [
  alter('', { name: 'cordoned.log.dirs', configOperation: SET, value: '' }),
  update(ELR, 2, UPGRADE),
  update(ELR, 1, SAFE_DOWNGRADE),
  update(ELR, 1, UPGRADE, 1),
  finalized(ELR, 1),
  alter('', minInsync(DELETE, null)),
  alter('1', minInsync(SET, '1')),
  alter('', minInsync(SET, '1')),
  update('metadata.version', 27, UPGRADE),
  finalized('metadata.version', 27),
  update('metadata.version', 26, UPGRADE),
  update('metadata.version', 26, SAFE_DOWNGRADE),
  finalized('metadata.version', 26),
  update('metadata.version', 22, SAFE_DOWNGRADE),
  update('metadata.version', 30, UPGRADE),
  finalized('metadata.version', 30),
  update('metadata.version', 29, SAFE_DOWNGRADE),
  update('metadata.version', 29, UNSAFE_DOWNGRADE),
  update('metadata.version', 31, UPGRADE),
  update(ELR, 0, SAFE_DOWNGRADE),
  finalized(ELR, 0),
  update('no.such.version', 1, UPGRADE),
];
