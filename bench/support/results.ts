// What was measured, by side and row, and what is said of it: medians, ratios round by round, and what falls short.

import { COMPARISONS, type Comparison, type Goal } from '../comparisons.ts';
import type { Measure, Side } from '../loads/load.ts';
import type { Curve } from './line-plot.ts';
import { type Range, rangeOf } from './statistics.ts';

/** Below this much processor time or memory a ratio means nothing. */
const TOO_SMALL = 1e-9;

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly apache: Range;
  readonly millrace: Range;
  /** Millrace / Apache Kafka, round by round. */
  readonly ratio: Range;
  readonly goal: Goal | null;
  readonly reachesGoal: boolean;
}

export interface Table {
  readonly comparison: Comparison;
  readonly rows: readonly Row[];
}

interface Kept {
  readonly title: string;
  readonly unit: string;
  readonly rounds: Map<Side, Map<number, number>>;
}

export class Results {
  readonly #curves: Curve[] = [];
  readonly #kept = new Map<string, Kept>();

  add(place: { side: Side; round: number }, measures: readonly Measure[]): void {
    for (const { id, title, unit, value } of measures) {
      const kept = this.#kept.get(id) ?? { title, unit, rounds: new Map() };
      this.#kept.set(id, kept);
      const rounds = kept.rounds.get(place.side) ?? new Map<number, number>();
      kept.rounds.set(place.side, rounds.set(place.round, value));
    }
  }

  get curves(): readonly Curve[] {
    return this.#curves;
  }

  addCurves(curves: readonly Curve[]): void {
    this.#curves.push(...curves);
  }

  tables(): Table[] {
    return COMPARISONS.map(comparison => ({ comparison, rows: this.#rowsOf(comparison) })).filter(
      ({ rows }) => rows.length > 0,
    );
  }

  /** Rows that only Millrace has. */
  alone(prefix: string, side: Side): { title: string; unit: string; value: Range }[] {
    return [...this.#kept]
      .filter(([id, { rounds }]) => id.startsWith(prefix) && rounds.has(side))
      .map(([, { title, unit, rounds }]) => ({
        title,
        unit,
        value: rangeOf([...rounds.get(side)!.values()]),
      }));
  }

  #rowsOf(comparison: Comparison): Row[] {
    const rows: Row[] = [];
    for (const [id, { title, unit, rounds }] of this.#kept) {
      if (!comparison.rows.some(prefix => id.startsWith(prefix))) continue;
      const apache = rounds.get(comparison.apache) ?? new Map<number, number>();
      const millrace = rounds.get(comparison.millrace) ?? new Map<number, number>();
      const both = [...apache.keys()].filter(round => millrace.has(round) && apache.get(round)! > TOO_SMALL);
      if (both.length === 0) continue;
      const ratio = rangeOf(both.map(round => millrace.get(round)! / apache.get(round)!));
      const own = rangeOf(both.map(round => millrace.get(round)!));
      const goal = comparison.goals.find(([pattern]) => pattern.test(id))?.[1] ?? null;
      rows.push({
        id,
        title,
        unit,
        apache: rangeOf(both.map(round => apache.get(round)!)),
        millrace: own,
        ratio,
        goal,
        reachesGoal: reaches(goal, ratio, own),
      });
    }
    return rows;
  }
}

function reaches(goal: Goal | null, ratio: Range, own: Range): boolean {
  if (goal === null) return true;
  const { median } = goal.isAbsolute ? own : ratio;
  return goal.isAtMost ? median <= goal.limit : median >= goal.limit;
}

/** Whether more is better, as rates are. */
export function isRate(unit: string): boolean {
  return unit.endsWith('/s');
}
