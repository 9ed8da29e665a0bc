// What one SASL listener is configured to: its mechanisms, and where each finds its credentials. Anything that would
// leave a listener that nobody can log in to, or that everybody can, is refused before the broker listens.

import { ConfigError } from '../../config/config-value.ts';
import { credentialKey } from '../../metadata/kept-records.ts';
import type { InternalLogin } from '../../network/internal-listener.ts';
import { ListenerSettingsError } from '../../network/listener-settings.ts';
import type { BrokerNode } from '../../node.ts';
import { ListenerValues } from '../listener-values.ts';
import { type JaasEntry, JaasError, parseJaasConfig } from './jaas.ts';
import { FileKeySet, HttpKeySet } from './json-web-keys.ts';
import { jwtValidator } from './jwt.ts';
import { OAuthBearerServer, type TokenValidator } from './oauth-bearer.ts';
import { PlainServer } from './plain.ts';
import type { SaslServer } from './sasl-server.ts';
import type { SaslListener } from './sasl-session.ts';
import { type ScramHash, ScramServer, type TokenCredential } from './scram.ts';
import { UNSECURED_OPTION_PREFIX, unsecuredValidator } from './unsecured-jwt.ts';

export interface SaslListenerOptions {
  readonly name: string;
  readonly node: BrokerNode;
  readonly values: ListenerValues;
  readonly report: (message: string) => void;
}

type NewServer = () => SaslServer;

const SCRAM: ReadonlyMap<string, { readonly hash: ScramHash; readonly number: number }> = new Map([
  ['SCRAM-SHA-256', { hash: 'sha256', number: 1 }],
  ['SCRAM-SHA-512', { hash: 'sha512', number: 2 }],
]);

/** Throws ListenerSettingsError. */
export function saslListener(options: SaslListenerOptions): SaslListener {
  const { name, values } = options;
  const mechanisms = values.get('sasl.enabled.mechanisms');
  if (mechanisms.length === 0) throw refused(name, 'sasl.enabled.mechanisms is empty');
  const servers = new Map(mechanisms.map(mechanism => [mechanism, newServerOf(mechanism, options)]));
  const { settings } = options.node;
  settings.addCheck(proposed => {
    const after = { ...options, values: new ListenerValues(proposed, name) };
    for (const mechanism of mechanisms) checkLoginChange(mechanism, options, after);
  });
  return listenerOf(options, servers);
}

/** Apache Kafka stores what does not parse and passes over it while it runs: here it is refused when it is set. */
function checkLoginChange(mechanism: string, before: SaslListenerOptions, after: SaslListenerOptions): void {
  after.values.get('connections.max.reauth.ms', mechanism);
  const [former, text] = [before, after].map(({ values }) => values.own('sasl.jaas.config', mechanism));
  if (text === former) return;
  try {
    const entry = jaasEntry(after, mechanism);
    if (entry === null && mechanism === 'PLAIN') throw new Error('PLAIN would have no users.');
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

/** Takes the workbench's own login only. */
export function internalListener(options: SaslListenerOptions, login: InternalLogin): SaslListener {
  const passwords = (user: string) => (user === login.username ? login.password : undefined);
  return listenerOf(options, new Map([['PLAIN', () => new PlainServer(passwords)]]));
}

function listenerOf(
  { node, values }: SaslListenerOptions,
  servers: ReadonlyMap<string, NewServer>,
): SaslListener {
  const { settings, clock, timers } = node;
  return {
    mechanisms: [...servers.keys()],
    newServer: mechanism => servers.get(mechanism)!(),
    maxReauthMs: mechanism => values.get('connections.max.reauth.ms', mechanism),
    failureDelayMs: () => settings.get('connection.failed.authentication.delay.ms'),
    receiveBytesMax: values.get('sasl.server.max.receive.size') ?? 524_288,
    frameBytesMax: settings.get('socket.request.max.bytes'),
    clock,
    timers,
  };
}

function newServerOf(mechanism: string, options: SaslListenerOptions): NewServer {
  const { name, node, values, report } = options;
  const scram = SCRAM.get(mechanism);
  if (scram !== undefined) {
    const credential = (user: string) =>
      node.metadata.image.scramCredentials.get(credentialKey({ name: user, mechanism: scram.number }));
    const token = async (tokenId: string) => tokenCredential(node, tokenId, scram.hash);
    return () => new ScramServer({ hash: scram.hash, credential, token });
  }
  if (mechanism === 'PLAIN') {
    if (jaasEntry(options, mechanism) === null) {
      const key = `listener.name.${name.toLowerCase()}.plain.sasl.jaas.config`;
      throw refused(
        name,
        `PLAIN has no users. Set ${key} to org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="secret";`,
      );
    }
    // Read at every login: passwords may be changed while running.
    return () => new PlainServer(user => jaasEntry(options, mechanism)?.options.get(`user_${user}`));
  }
  if (mechanism === 'OAUTHBEARER') {
    const validate = tokenValidator(options, values);
    return () => new OAuthBearerServer(validate, report);
  }
  throw refused(
    name,
    `sasl.enabled.mechanisms has ${mechanism}, which Millrace does not have. It has PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER; the default of the key is GSSAPI`,
  );
}

/** A delegation token's, by which its owner logs in. */
async function tokenCredential(
  { delegationTokens }: BrokerNode,
  tokenId: string,
  hash: ScramHash,
): Promise<TokenCredential | undefined> {
  const found = await delegationTokens.credentialOf(tokenId, hash);
  if (found === undefined) return undefined;
  const { token, credential } = found;
  const name = token.owner.slice(token.owner.indexOf(':') + 1);
  return { credential, owner: name, expiresAtMs: Number(token.expirationTimestamp) };
}

function tokenValidator(options: SaslListenerOptions, values: ListenerValues): TokenValidator {
  const { name, node } = options;
  const nowMs = () => node.clock.nowMs();
  const url = values.get('sasl.oauthbearer.jwks.endpoint.url', 'OAUTHBEARER');
  if (url !== null && url !== '') {
    const keys = keySetOf(name, url, values, nowMs);
    return jwtValidator(keys, {
      expectedAudiences: values.get('sasl.oauthbearer.expected.audience', 'OAUTHBEARER') ?? [],
      expectedIssuer: values.get('sasl.oauthbearer.expected.issuer', 'OAUTHBEARER') || null,
      clockSkewMs: values.get('sasl.oauthbearer.clock.skew.seconds', 'OAUTHBEARER') * 1000,
      scopeClaimName: values.get('sasl.oauthbearer.scope.claim.name', 'OAUTHBEARER'),
      subClaimName: values.get('sasl.oauthbearer.sub.claim.name', 'OAUTHBEARER'),
      nowMs,
    });
  }
  const entry = jaasEntry(options, 'OAUTHBEARER');
  const isUnsecured = [...(entry?.options.keys() ?? [])].some(key => key.startsWith(UNSECURED_OPTION_PREFIX));
  if (entry === null || !isUnsecured) {
    throw refused(
      name,
      'OAUTHBEARER has no keys to verify tokens by. Set sasl.oauthbearer.jwks.endpoint.url (https: or file:)',
    );
  }
  options.report(
    `The listener ${name} takes OAUTHBEARER tokens without a signature: whoever reaches it may be anybody. Only for tests.`,
  );
  return unsecuredValidator(entry.options, nowMs);
}

function keySetOf(name: string, url: string, values: ListenerValues, nowMs: () => number) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === 'file:') {
    const keys = new FileKeySet(decodeURIComponent(parsed.pathname));
    try {
      keys.load();
    } catch (error) {
      throw refused(name, `sasl.oauthbearer.jwks.endpoint.url names no key set: ${(error as Error).message}`);
    }
    return keys;
  }
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw refused(name, 'sasl.oauthbearer.jwks.endpoint.url is neither a file: nor an http(s): address');
  }
  const refreshMs = values.get('sasl.oauthbearer.jwks.endpoint.refresh.ms', 'OAUTHBEARER');
  return new HttpKeySet({ url, refreshMs, nowMs });
}

/** The one entry of `listener.name.<listener>.<mechanism>.sasl.jaas.config`, as JaasContext.loadServerContext wants it. */
function jaasEntry({ name, values }: SaslListenerOptions, mechanism: string): JaasEntry | null {
  const text = values.own('sasl.jaas.config', mechanism);
  if (text === null) return null;
  const key = `listener.name.${name.toLowerCase()}.${mechanism.toLowerCase()}.sasl.jaas.config`;
  try {
    const entries = parseJaasConfig(text);
    if (entries.length !== 1) throw new JaasError('it must have exactly one login module');
    return entries[0]!;
  } catch (error) {
    throw refused(name, `${key} does not parse: ${(error as Error).message}`);
  }
}

function refused(name: string, reason: string): ListenerSettingsError {
  return new ListenerSettingsError(`The listener ${name} cannot be opened: ${reason}.`);
}
