// The flags of `millrace up` where they are said plainly: `--flag`, `--flag value`, their variables, and every value as
// it should be. What that means comes from the table in up-flags.ts, as it does for the parser; anything else (help, an
// abbreviation, a mistake) is not understood here and left to the parser, which must come to the same flags.

import { type FlagDeclaration, FlagError, UP_FLAGS, type UpFlags } from './up-flags.ts';

type Environment = Record<string, string | undefined>;
type Flags = Record<string, unknown>;

/** A switch is off when its variable says so; the parser itself only asks whether the variable is there. */
export function leaveOutWhatIsOff(environment: Environment): void {
  for (const { flags, environment: name } of UP_FLAGS) {
    if (!takesValue(flags) && /^(|0|false|no|off)$/i.test(environment[name]?.trim() ?? ''))
      delete environment[name];
  }
}

/** Null for what is not plain. */
export function plainFlags(words: readonly string[], environment: Environment): UpFlags | null {
  try {
    const flags: Flags = {};
    const rest = [...words];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      const name = word;
      const declaration = UP_FLAGS.find(each => namesOf(each).includes(name));
      if (declaration === undefined) return null;
      if (!takesValue(declaration.flags)) flags[keyOf(declaration)] = true;
      else if (!take(declaration, rest.shift(), flags)) return null;
    }
    return fromEnvironment(flags, environment) ? (flags as UpFlags) : null;
  } catch (error) {
    if (error instanceof FlagError) return null;
    throw error;
  }
}

/** A variable counts where the flag was not given. False when one is not plain. */
function fromEnvironment(flags: Flags, environment: Environment): boolean {
  for (const declaration of UP_FLAGS) {
    const value = environment[declaration.environment];
    if (value === undefined || keyOf(declaration) in flags) continue;
    if (!takesValue(declaration.flags)) flags[keyOf(declaration)] = true;
    else if (!take(declaration, value, flags)) return false;
  }
  return true;
}

function take(
  { choices, parse, ...declaration }: FlagDeclaration,
  value: string | undefined,
  flags: Flags,
): boolean {
  if (value === undefined || value === '' || value.startsWith('-') || choices?.includes(value) === false)
    return false;
  const key = keyOf(declaration);
  flags[key] = parse === undefined ? value : parse(value, flags[key] as never);
  return true;
}

function takesValue(flags: string): boolean {
  return flags.includes('<');
}

/** "-c, --config <key=value>": -c, --config */
function namesOf({ flags }: FlagDeclaration): string[] {
  return flags.split(' <')[0]!.split(', ');
}

/** --http-port: httpPort */
function keyOf({ flags }: Pick<FlagDeclaration, 'flags'>): string {
  const long = /--([a-z-]+)/.exec(flags)![1]!;
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
