// The environment names of the stack that Millrace takes the place of: KAFKA_* of the apache/kafka and cp-kafka images
// (KafkaDockerWrapper: strip KAFKA_, lower-case, `___` is `-`, `__` is `_`, `_` is `.`), CLUSTER_ID, KAFKA_CFG_* of
// the Bitnami image, and KAFKA_CLUSTERS_0_* of Kafka UI. Pure: from an environment to values.

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names that begin with KAFKA_ and are no broker property. */
const NOT_PROPERTIES =
  /^KAFKA_(VERSION|HEAP_OPTS|LOG4J_OPTS|OPTS|JMX_OPTS|JMX_PORT|JMX_HOSTNAME|JVM_PERFORMANCE_OPTS|GC_LOG_OPTS|LOG4J_ROOT_LOGLEVEL|LOG4J_LOGGERS|TOOLS_LOG4J_LOGLEVEL|BOOTSTRAP_SERVERS|BROKERS|KRAFT_CLUSTER_ID|CLUSTERS_.*|REST_.*)$/;

/** Broker properties named by the environment, by Kafka's own spelling. */
export function brokerPropertiesOf(environment: Environment): Map<string, string> {
  const properties = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !name.startsWith('KAFKA_') || NOT_PROPERTIES.test(name)) continue;
    const rest = name.startsWith('KAFKA_CFG_')
      ? name.slice('KAFKA_CFG_'.length)
      : name.slice('KAFKA_'.length);
    const key = rest
      .toLowerCase()
      .replaceAll('___', '-')
      .replaceAll(/__/g, '\u0000')
      .replaceAll('_', '.')
      .replaceAll('\u0000', '_');
    if (key !== '') properties.set(key, value);
  }
  return properties;
}

export function clusterIdOf(environment: Environment): string | undefined {
  return environment['CLUSTER_ID'] ?? environment['KAFKA_KRAFT_CLUSTER_ID'];
}

export interface ExternalClusterSettings {
  readonly bootstrapServers: string;
  readonly name: string | null;
  readonly securityProtocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  readonly sasl: { readonly mechanism: string; readonly username: string; readonly password: string } | null;
}

const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;

/** The cluster that console and API serve instead of an embedded broker, or null when none is named. */
export function externalClusterOf(environment: Environment, flag?: string): ExternalClusterSettings | null {
  const bootstrapServers =
    flag ??
    environment['KAFKA_BOOTSTRAP_SERVERS'] ??
    environment['KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS'] ??
    environment['KAFKA_CLUSTERS_0_BOOTSTRAP_SERVERS'];
  if (bootstrapServers === undefined || bootstrapServers.trim() === '') return null;
  const property = (name: string) =>
    environment[`KAFKA_CLUSTERS_0_PROPERTIES_${name}`] ?? environment[`MILLRACE_${name}`];
  const protocol = (property('SECURITY_PROTOCOL') ?? 'PLAINTEXT').toUpperCase();
  const known = SECURITY_PROTOCOLS.find(name => name === protocol);
  if (known === undefined) {
    throw new Error(
      `Security protocol ${protocol} is not one of ${SECURITY_PROTOCOLS.join(', ')}: correct KAFKA_CLUSTERS_0_PROPERTIES_SECURITY_PROTOCOL.`,
    );
  }
  return {
    bootstrapServers: bootstrapServers.trim(),
    name: environment['KAFKA_CLUSTERS_0_NAME'] ?? null,
    securityProtocol: known,
    sasl: known.startsWith('SASL') ? saslOf(property('SASL_MECHANISM'), property('SASL_JAAS_CONFIG')) : null,
  };
}

function saslOf(
  mechanism: string | undefined,
  jaasConfig: string | undefined,
): ExternalClusterSettings['sasl'] {
  const option = (name: string) =>
    new RegExp(`\\b${name}\\s*=\\s*"((?:\\\\.|[^"\\\\])*)"`)
      .exec(jaasConfig ?? '')?.[1]
      ?.replaceAll(/\\(.)/g, '$1');
  const username = option('username');
  const password = option('password');
  if (username === undefined || password === undefined) {
    throw new Error(
      'The security protocol asks for SASL, but no user name and password were found: set KAFKA_CLUSTERS_0_PROPERTIES_SASL_JAAS_CONFIG ' +
        'to something like org.apache.kafka.common.security.plain.PlainLoginModule required username="name" password="secret";',
    );
  }
  return { mechanism: mechanism ?? 'PLAIN', username, password };
}
