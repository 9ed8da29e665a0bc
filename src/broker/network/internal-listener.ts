// The listener by which the workbench's own gateway reaches a secured broker: on loopback, any free port, SASL PLAIN with a
// name and password made anew at every start, advertised to nobody and registered nowhere (docs/decisions/0010). It is
// there only when no client without credentials could do what the gateway does.

import type { BrokerOptions } from '../broker.ts';
import type { ListenerSettings } from './listener-settings.ts';

export const INTERNAL_LISTENER = 'MILLRACE-INTERNAL';

export interface InternalLogin {
  /** Counts as a super user. */
  readonly username: string;
  readonly password: string;
}

export function withInternalListener(
  settings: ListenerSettings,
  { internalLogin, properties }: Pick<BrokerOptions, 'internalLogin' | 'properties'>,
): ListenerSettings {
  const isSecured =
    settings.listeners.some(({ protocol }) => protocol !== 'PLAINTEXT') ||
    (properties.get('authorizer.class.name') ?? '') !== '';
  if (internalLogin === undefined || !isSecured) return settings;
  const listener = {
    name: INTERNAL_LISTENER,
    host: '127.0.0.1',
    port: 0,
    protocol: 'SASL_PLAINTEXT' as const,
  };
  return { ...settings, listeners: [...settings.listeners, listener] };
}
