// A key as one listener has it: `listener.name.<listener>.<mechanism>.<key>`, then `listener.name.<listener>.<key>`, then
// the key itself (AbstractConfig.valuesWithPrefixOverride, ListenerName.configPrefix). Read anew at every call, so that
// dynamic values count at once.

import { keyOf } from '../config/config-key.ts';
import { parseConfigValue } from '../config/config-value.ts';
import { brokerKeys } from '../config/keys/broker.ts';
import type { BrokerKeyName, BrokerKeyValue, BrokerSettings } from '../config/settings.ts';

export class ListenerValues {
  readonly #settings: BrokerSettings;
  readonly #prefix: string;

  constructor(settings: BrokerSettings, listenerName: string) {
    this.#settings = settings;
    this.#prefix = `listener.name.${listenerName.toLowerCase()}.`;
  }

  get<Name extends BrokerKeyName>(name: Name, mechanism?: string): BrokerKeyValue<Name> {
    const text = this.own(name, mechanism) ?? this.own(name) ?? this.#settings.brokerText(name);
    return parseConfigValue(name, keyOf(brokerKeys, name)!, text) as BrokerKeyValue<Name>;
  }

  /** Only what is set for the listener (and mechanism) itself. */
  own(name: string, mechanism?: string): string | null {
    const middle = mechanism === undefined ? '' : `${mechanism.toLowerCase()}.`;
    return this.#settings.brokerText(`${this.#prefix}${middle}${name}`);
  }
}
