// kafka-acls and kafka-delegation-tokens, as an administrator types them, from no ACL to no ACL again.

import { type Command, command } from './commands.ts';

const alice = '--allow-principal User:alice';

export const accessCommands: readonly Command[] = [
  command('acls', '--remove --topic * --force'),
  command('acls', '--remove --cluster --force'),
  command('acls', `--add ${alice} --operation Read --operation Describe --topic orders`),
  command('acls', `--add ${alice} --producer --topic orders`),
  command('acls', `--add ${alice} --producer --idempotent --topic orders --transactional-id tx`),
  command('acls', `--add ${alice} --consumer --topic orders --group readers`),
  command('acls', `--add ${alice} --topic 'logs-' --resource-pattern-type prefixed`),
  command('acls', `--add ${alice} --allow-host 10.0.0.7 --allow-host 10.0.0.8 --operation All --topic '*'`),
  command(
    'acls',
    '--add --deny-principal User:mallory --deny-host 10.0.0.9 --operation Write --topic orders',
  ),
  command('acls', `--add ${alice} --operation Alter --cluster`),
  command('acls', `--add ${alice} --operation CreateTokens --user-principal User:bob`),
  command('acls', `--add ${alice} --operation Describe --delegation-token some-token`),
  command('acls', `--add ${alice} --operation Read --topic orders --topic bills --group readers`),
  command('acls', `--add ${alice} --operation Fly --topic orders`),
  command('acls', `--add ${alice} --operation CreateTokens --topic orders`),
  command('acls', `--add ${alice} --operation Read`),
  command('acls', '--add --operation Read --topic orders'),
  command('acls', '--add --allow-principal alice --operation Read --topic orders'),
  command('acls', `--add ${alice} --operation Read --topic orders --resource-pattern-type match`),
  command('acls', '--list'),
  command('acls', '--list --topic orders'),
  command('acls', '--list --topic logs-1 --resource-pattern-type match'),
  command('acls', '--list --topic logs-1 --resource-pattern-type any'),
  command('acls', '--list --principal User:mallory'),
  command('acls', '--list --principal User:mallory --principal User:alice --topic orders'),
  command('acls', '--list --topic nowhere'),
  command('acls', '--list --cluster'),
  command('acls', '--remove --topic nowhere --force'),
  command('acls', `--remove ${alice} --operation Read --topic orders --force`),
  command('acls', '--remove --topic logs-1 --resource-pattern-type match --force'),
  command('acls', '--remove --deny-principal User:mallory --operation Write --topic orders --force'),
  command('acls', '--list --topic orders'),
  command('acls', '--remove --topic orders --group readers --transactional-id tx --force'),
  command('acls', '--remove --cluster --force'),
  command(
    'acls',
    "--remove --user-principal User:bob --delegation-token some-token --topic '*' --topic bills --force",
  ),
  command('acls', '--list'),
  command('tokens', '--describe --command-config /dev/null'),
];
