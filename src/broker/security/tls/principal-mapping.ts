// `ssl.principal.mapping.rules`: from a distinguished name to a principal's name, by the first rule that fits (KIP-371;
// SslPrincipalMapper): DEFAULT, or RULE:pattern/replacement/ with L or U for the case. $1 is a group; a number beyond the
// groups is cut, as far as that helps, and then stands for itself.

import { ConfigError } from '../../config/config-value.ts';

const RULE = String.raw`(DEFAULT)|RULE:((?:\\.|[^\\/])*)/((?:\\.|[^\\/])*)/([LU]?).*?|(.*?)`;
const SPLITTER = new RegExp(String.raw`\s*(${RULE})\s*(?:,\s*|$)`, 'g');
const PARSER = new RegExp(`^(?:${RULE})$`);

type Rule = (subject: string) => string | null;

/** Returns null for a name that no rule fits. Throws ConfigError for a rule that is none. */
export function principalMapper(text: string): (subject: string) => string | null {
  const rules = Array.from(text.trim().matchAll(SPLITTER), ([, rule]) => ruleOf(rule!)).flat();
  return subject => {
    for (const rule of rules) {
      const name = rule(subject);
      if (name !== null) return name;
    }
    return null;
  };
}

function ruleOf(text: string): Rule[] {
  if (text === '') return [];
  const [, isDefault, pattern, replacement, letterCase] = PARSER.exec(text) ?? [];
  if (isDefault !== undefined) return [subject => subject];
  if (pattern === undefined)
    throw new ConfigError(`Invalid rule: \`${text}\` in ssl.principal.mapping.rules`);
  const whole = new RegExp(`^(?:${pattern})$`);
  const every = new RegExp(pattern, 'g');
  return [
    subject => {
      if (!whole.test(subject)) return null;
      const name = subject.replaceAll(every, (...found) => expanded(replacement!, groupsOf(found)));
      if (letterCase === 'L') return name.toLowerCase();
      return letterCase === 'U' ? name.toUpperCase() : name;
    },
  ];
}

/** What String.replaceAll hands over: the match, its groups, then the position. */
function groupsOf(found: readonly unknown[]): readonly (string | undefined)[] {
  return found.slice(
    0,
    found.findIndex(one => typeof one === 'number'),
  ) as (string | undefined)[];
}

function expanded(replacement: string, groups: readonly (string | undefined)[]): string {
  return replacement.replaceAll(/\\(.)|\$(\d+)/g, (all, literal: string | undefined, digits: string) => {
    if (literal !== undefined) return literal;
    let number = Number(digits);
    let used = digits.length;
    while (number >= groups.length && number >= 10) {
      number = Math.floor(number / 10);
      used -= 1;
    }
    return number < groups.length ? (groups[number] ?? '') + digits.slice(used) : all;
  });
}
