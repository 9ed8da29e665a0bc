// The guards of all listeners that are not PLAINTEXT. Loaded only when there is one.

import { INTERNAL_LISTENER, type InternalLogin } from '../network/internal-listener.ts';
import type { ListenerGuard } from '../network/listener-guard.ts';
import type { ListenerAddress } from '../network/listener-settings.ts';
import type { BrokerNode } from '../node.ts';
import { ListenerValues } from './listener-values.ts';
import { openLogin } from './sasl/sasl-dispatcher.ts';
import { internalListener, saslListener } from './sasl/sasl-listener.ts';

export interface SecureListenersOptions {
  readonly node: BrokerNode;
  readonly listeners: readonly ListenerAddress[];
  readonly internalLogin: InternalLogin | null;
  readonly report: (message: string) => void;
}

/** Throws ListenerSettingsError. */
export async function secureListeners(
  options: SecureListenersOptions,
): Promise<ReadonlyMap<string, ListenerGuard>> {
  const { node, listeners, internalLogin, report } = options;
  const guards = new Map<string, ListenerGuard>();
  for (const { name, protocol } of listeners) {
    if (protocol === 'PLAINTEXT' || guards.has(name)) continue;
    const values = new ListenerValues(node.settings, name);
    const parts = { name, node, values, report };
    const isInternal = name === INTERNAL_LISTENER && internalLogin !== null;
    const sasl = !protocol.startsWith('SASL')
      ? null
      : isInternal
        ? internalListener(parts, internalLogin)
        : saslListener(parts);
    guards.set(name, {
      secure: protocol.endsWith('SSL') ? await tlsOf(parts) : null,
      openLogin: sasl === null ? null : dispatcher => openLogin(sasl, dispatcher),
    });
  }
  return guards;
}

async function tlsOf(parts: {
  name: string;
  node: BrokerNode;
  values: ListenerValues;
  report: (message: string) => void;
}) {
  const { tlsGuard } = await import('./tls/tls-guard.ts');
  const { clock, settings } = parts.node;
  return tlsGuard({ ...parts, clock, settings });
}
