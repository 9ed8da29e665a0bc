// Regular expressions that clients send, matched on the event loop without the danger of backtracking: a pattern becomes
// a program of at most INSTRUCTIONS_MAX steps, and all ways through it are followed at once, so that a match costs at
// most steps times characters (R. Cox, "Regular Expression Matching: the Virtual Machine Approach"). A topic's name has
// at most 249 characters; a transactional id may be longer, and only administrators match those.

import { isWordCharacter } from './character-classes.ts';
import { parseRegex } from './parser.ts';
import { type Assertion, type CodePointTest, type Node, RegexSyntaxError } from './syntax.ts';

export { RegexSyntaxError } from './syntax.ts';

/** A match of the longest topic name then takes a quarter of a million steps at most: about a millisecond. */
const INSTRUCTIONS_MAX = 1_000;
/** Longer than any list of topic names somebody would write as a pattern; reading it costs no more than this squared. */
const PATTERN_LENGTH_MAX = 4_096;

type Instruction =
  | { readonly kind: 'one'; readonly test: CodePointTest }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  /** Goes on at each of these. */
  | { readonly kind: 'fork'; readonly targets: number[] }
  | { readonly kind: 'match' };

export interface CompiledRegex {
  /** Whether the whole text matches. */
  matches(text: string): boolean;
}

/** Throws RegexSyntaxError. */
export function compileRegex(pattern: string): CompiledRegex {
  if (pattern.length > PATTERN_LENGTH_MAX)
    throw new RegexSyntaxError(`the expression is longer than ${PATTERN_LENGTH_MAX} characters`);
  const program: Instruction[] = [];
  emit(program, parseRegex(pattern));
  program.push({ kind: 'match' });
  return { matches: text => run(program, text) };
}

function push(program: Instruction[], instruction: Instruction): void {
  if (program.length >= INSTRUCTIONS_MAX) {
    throw new RegexSyntaxError(
      `the expression is larger than ${INSTRUCTIONS_MAX} steps once its repetitions are written out`,
    );
  }
  program.push(instruction);
}

function emit(program: Instruction[], node: Node): void {
  switch (node.kind) {
    case 'empty':
      return;
    case 'one':
    case 'assert':
      push(program, node);
      return;
    case 'sequence':
      for (const part of node.parts) emit(program, part);
      return;
    case 'choice':
      emitChoice(program, node.parts);
      return;
    case 'repeat':
      emitRepeat(program, node.part, node);
  }
}

function emitChoice(program: Instruction[], parts: readonly Node[]): void {
  const targets: number[] = [];
  const ends: number[][] = [];
  push(program, { kind: 'fork', targets });
  for (const part of parts) {
    targets.push(program.length);
    emit(program, part);
    const end: number[] = [];
    ends.push(end);
    push(program, { kind: 'fork', targets: end });
  }
  for (const end of ends) end.push(program.length);
}

function emitRepeat(
  program: Instruction[],
  part: Node,
  { min, max }: { readonly min: number; readonly max: number | null },
): void {
  for (let count = 0; count < min; count++) {
    const before = program.length;
    emit(program, part);
    // What is empty once is empty a thousand times.
    if (program.length === before) return;
  }
  if (max === null) {
    const targets = [program.length + 1];
    const start = program.length;
    push(program, { kind: 'fork', targets });
    emit(program, part);
    push(program, { kind: 'fork', targets: [start] });
    targets.push(program.length);
    return;
  }
  const skips: number[][] = [];
  for (let count = min; count < max; count++) {
    const targets = [program.length + 1];
    push(program, { kind: 'fork', targets });
    skips.push(targets);
    emit(program, part);
  }
  for (const targets of skips) targets.push(program.length);
}

/** Where between two characters: what assertions ask about. */
interface Place {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

function run(program: readonly Instruction[], text: string): boolean {
  const codePoints = Array.from(text, character => character.codePointAt(0)!);
  let threads = closure(program, [0], { before: undefined, after: codePoints[0] });
  for (const [index, codePoint] of codePoints.entries()) {
    const next: number[] = [];
    for (const at of threads) {
      const instruction = program[at]!;
      if (instruction.kind === 'one' && instruction.test(codePoint)) next.push(at + 1);
    }
    if (next.length === 0) return false;
    threads = closure(program, next, { before: codePoint, after: codePoints[index + 1] });
  }
  return threads.some(at => program[at]!.kind === 'match');
}

/** Every instruction that can be reached from these without a character. */
function closure(program: readonly Instruction[], starts: readonly number[], place: Place): number[] {
  const seen = new Uint8Array(program.length);
  const reached: number[] = [];
  const left = [...starts];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (seen[at] === 1) continue;
    seen[at] = 1;
    const instruction = program[at]!;
    if (instruction.kind === 'fork') left.push(...instruction.targets);
    else if (instruction.kind !== 'assert') reached.push(at);
    else if (holds(instruction.assertion, place)) left.push(at + 1);
  }
  return reached;
}

const NEWLINE = 10;

function holds(assertion: Assertion, { before, after }: Place): boolean {
  const isBoundary = isWord(before) !== isWord(after);
  switch (assertion) {
    case 'begin-text':
      return before === undefined;
    case 'end-text':
      return after === undefined;
    case 'begin-line':
      return before === undefined || before === NEWLINE;
    case 'end-line':
      return after === undefined || after === NEWLINE;
    case 'word-boundary':
      return isBoundary;
    case 'no-word-boundary':
      return !isBoundary;
  }
}

function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && isWordCharacter(codePoint);
}
