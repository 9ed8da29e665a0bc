// Medians and ranges of a few rounds, and tables of them.

export interface Range {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function rangeOf(values: readonly number[]): Range {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

export interface Row {
  readonly metric: string;
  readonly unit: string;
  readonly apache: readonly number[];
  readonly millrace: readonly number[];
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3);
}

/** Ratios are Millrace / Apache Kafka, round by round. */
export function tableOf(rows: readonly Row[]): string {
  const lines = ['| metric | Apache Kafka 4.3.1 | Millrace | ratio (min-max) |', '| --- | --- | --- | --- |'];
  for (const { metric, unit, apache, millrace } of rows) {
    const ratio = rangeOf(millrace.map((value, index) => value / apache[index]!));
    lines.push(
      `| ${metric}, ${unit} | ${shown(rangeOf(apache).median)} | ${shown(rangeOf(millrace).median)} | **${shown(ratio.median)}** (${shown(ratio.min)}-${shown(ratio.max)}) |`,
    );
  }
  return lines.join('\n');
}
