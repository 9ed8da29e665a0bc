// ACLs: only a broker with an authorizer lets them be made and seen; one without it must keep them in the metadata all
// the same, and the next one that has an authorizer finds them.

import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { ErrorCode } from '../../../src/protocol/errors.ts';
import { CreateAcls } from '../../../src/protocol/messages/apis/create-acls.ts';
import { DescribeAcls } from '../../../src/protocol/messages/apis/describe-acls.ts';
import { refuse } from './asking.ts';

/** Properties of an Apache Kafka with an authorizer that lets this run do everything. */
export const WITH_AUTHORIZER = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
};
const ANY = 1;
const TOPIC = 2;
const GROUP = 3;
const LITERAL = 3;
const PREFIXED = 4;
const READ = 3;
const WRITE = 4;
const DENY = 2;
const ALLOW = 3;

export async function fillAcls(client: KafkaClient): Promise<void> {
  const base = { principal: 'User:alice', host: '*' };
  const creations = [
    {
      ...base,
      resourceType: TOPIC,
      resourceName: 'codecs',
      resourcePatternType: LITERAL,
      operation: READ,
      permissionType: ALLOW,
    },
    {
      ...base,
      resourceType: TOPIC,
      resourceName: 'se',
      resourcePatternType: PREFIXED,
      operation: WRITE,
      permissionType: DENY,
    },
    {
      ...base,
      resourceType: GROUP,
      resourceName: '*',
      resourcePatternType: LITERAL,
      operation: READ,
      permissionType: ALLOW,
      host: '192.0.2.7',
    },
  ];
  const answer = await client.request(CreateAcls, { creations }, { node: 'controller' });
  for (const { errorCode } of answer.results)
    if (errorCode !== ErrorCode.SECURITY_DISABLED) refuse(errorCode, 'CreateAcls');
}

/** null: the broker has no authorizer. */
export async function aclsOf(client: KafkaClient): Promise<string[] | null> {
  const filter = {
    resourceTypeFilter: ANY,
    resourceNameFilter: null,
    patternTypeFilter: ANY,
    principalFilter: null,
    hostFilter: null,
    operation: ANY,
    permissionType: ANY,
  };
  const answer = await client.request(DescribeAcls, filter, { node: 'any' });
  if (answer.errorCode === ErrorCode.SECURITY_DISABLED) return null;
  refuse(answer.errorCode, 'DescribeAcls');
  return answer.resources
    .flatMap(({ resourceType, resourceName, patternType, acls }) =>
      acls.map(
        ({ principal, host, operation, permissionType }) =>
          `${resourceType} ${resourceName} ${patternType}: ${principal} from ${host}, ${operation} ${permissionType}`,
      ),
    )
    .sort();
}
