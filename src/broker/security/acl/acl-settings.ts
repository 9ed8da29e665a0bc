// Whether this node checks ACLs, and for whom not: the properties of StandardAuthorizer. They are read before anything
// starts, so that whoever asks for protection that is not to be had is refused instead of left without it.

import { ConfigError } from '../../config/config-value.ts';

const STANDARD_AUTHORIZER = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';
/** Properties of the authorizer, not of the broker: Apache Kafka's table has them neither. */
export const AUTHORIZER_PROPERTIES: readonly string[] = ['super.users', 'allow.everyone.if.no.acl.found'];

export interface AclSettings {
  /** As "User:name". They may do everything, whatever is denied. */
  readonly superUsers: ReadonlySet<string>;
  /** What holds for a resource that has no ACL at all. */
  readonly allowsWithoutAcls: boolean;
}

/** undefined: nobody is asked. Throws ConfigError. */
export function parseAclSettings(properties: ReadonlyMap<string, string>): AclSettings | undefined {
  const className = (properties.get('authorizer.class.name') ?? '').trim();
  if (className === '') return undefined;
  if (className !== STANDARD_AUTHORIZER) {
    throw new ConfigError(
      `authorizer.class.name is ${className}, and Millrace has no way to run it. Nothing was started, so that no data is ` +
        `served without the protection it stands for. Use ${STANDARD_AUTHORIZER}, or leave the property out.`,
    );
  }
  return {
    superUsers: parseSuperUsers(properties.get('super.users') ?? ''),
    allowsWithoutAcls:
      (properties.get('allow.everyone.if.no.acl.found') ?? '').trim().toLowerCase() === 'true',
  };
}

/** Separated by semicolons, because distinguished names have commas. */
function parseSuperUsers(text: string): ReadonlySet<string> {
  const users = text
    .split(';')
    .map(user => user.trim())
    .filter(user => user !== '');
  for (const user of users) {
    if (user.indexOf(':') < 1) {
      throw new ConfigError(
        `super.users has "${user}", which is not of the form type:name, as in User:alice. Separate users with semicolons.`,
      );
    }
  }
  return new Set(users);
}
