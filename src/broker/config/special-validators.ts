// Validators that one or two keys have, in Apache Kafka's words. Those that many keys share are in config-value.ts.

import type { ConfigValue, Validator } from './config-key.ts';
import { invalidText } from './config-value.ts';

const HOST_PORT = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:[0-9]+$/;
const THROTTLED_REPLICA = /^(?:[0-9]+:[0-9]+)?$/;
/** What java.time.Duration.parse reads, without a sign: the strategy refuses negative ones. */
const ISO_DURATION = /^P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d{1,9})?S)?)?$/i;
const BY_DURATION = 'by_duration:';
const VOTER_FORM = 'Each entry should be in the form `{id}@{host}:{port}`.';

/** ConfigDef.NonEmptyString */
export const nonEmptyString: Validator = ({ name, value, shown }) =>
  value === '' ? invalidText(name, shown, 'String must be non-empty') : null;

/** ConfigDef.CaseInsensitiveValidString; the message names the values in the order Apache Kafka's set has them. */
export function oneOfIgnoringCase(...allowed: readonly string[]): Validator {
  return ({ name, value, shown }) =>
    allowed.includes(String(value).toUpperCase())
      ? null
      : invalidText(name, shown, `String must be one of (case insensitive): ${allowed.join(', ')}`);
}

/** CompressionType.GZIP */
export const gzipLevel: Validator = ({ name, value, shown }) => {
  const level = Number(value);
  if ((level >= 1 && level <= 9) || level === -1) return null;
  return invalidText(name, shown, 'Value must be between 1 and 9 or equal to -1');
};

/** QuorumConfig.ControllerQuorumVotersValidator */
export const quorumVoters: Validator = ({ name, value }) => {
  for (const entry of entriesOf(value)) {
    const [id, address, ...rest] = entry.split('@');
    if (address === undefined || address === '' || rest.length > 0) {
      return `Invalid configuration value for ${name}. ${VOTER_FORM}`;
    }
    if (!/^[+-]?\d{1,10}$/.test(id!)) {
      return `Failed to parse voter ID as an integer from ${id} for the configuration ${name}. ${VOTER_FORM}`;
    }
    if (!HOST_PORT.test(address)) {
      return `Failed to parse host name from entry ${entry} for the configuration ${name}. ${VOTER_FORM}`;
    }
  }
  return null;
};

/** QuorumConfig.ControllerQuorumBootstrapServersValidator */
export const quorumBootstrapServers: Validator = ({ name, value }) => {
  const bad = entriesOf(value).find(entry => !HOST_PORT.test(entry));
  if (bad === undefined) return null;
  return `Failed to parse host name from ${bad} for the configuration ${name}. Each entry should be in the form "{host}:{port}"`;
};

/** ThrottledReplicaListValidator */
export const throttledReplicas: Validator = ({ name, value, shown }) => {
  const entries = entriesOf(value).map(entry => entry.trim());
  if (entries.every(entry => THROTTLED_REPLICA.test(entry)) || entries.join('') === '*') return null;
  const form = '[partitionId]:[brokerId],[partitionId]:[brokerId],...';
  return invalidText(
    name,
    shown,
    `${name} must be the literal '*' or a list of replicas in the following format: ${form}`,
  );
};

/** ShareGroupAutoOffsetResetStrategy.Validator */
export const shareAutoOffsetReset: Validator = ({ name, value, shown }) => {
  const strategy = String(value);
  if (strategy === 'earliest' || strategy === 'latest') return null;
  if (strategy.startsWith(BY_DURATION) && ISO_DURATION.test(strategy.slice(BY_DURATION.length))) return null;
  return invalidText(
    name,
    shown,
    `Invalid value \`${strategy}\` for configuration ${name}. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`,
  );
};

function entriesOf(value: ConfigValue | null): readonly string[] {
  return (value ?? []) as readonly string[];
}
