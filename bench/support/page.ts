// The tables, for the terminal and for docs/performance.md.

import { cpus, release, totalmem, type } from 'node:os';
import process from 'node:process';
import { lastSlope } from './line-plot.ts';
import type { Results, Row, Table } from './results.ts';
import { shown } from './statistics.ts';

function goalText({ goal, unit }: Row): string {
  if (goal === null) return '';
  return `${goal.isAtMost ? '≤' : '≥'} ${goal.limit}${goal.isAbsolute ? ` ${unit}` : ''}`;
}

export function tableText({ rows }: Table): string {
  const lines = [
    '| | Apache Kafka 4.3.1 | Millrace | ratio (min-max) | goal |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const row of rows) {
    const { title, unit, apache, millrace, ratio } = row;
    const range = `**${shown(ratio.median)}** (${shown(ratio.min)}-${shown(ratio.max)})`;
    const goal = `${goalText(row)}${row.reachesGoal ? '' : ' (missed)'}`;
    lines.push(
      `| ${title}, ${unit} | ${shown(apache.median)} | ${shown(millrace.median)} | ${range} | ${goal} |`,
    );
  }
  return lines.join('\n');
}

export function httpText(results: Results): string {
  const sides = [
    { side: 'always', name: '--flush always' },
    { side: 'os', name: '--flush os' },
  ] as const;
  const lines = sides.flatMap(({ side, name }) =>
    results
      .alone('http.', side)
      .map(
        ({ title, unit, value }) =>
          `| ${title}, \`${name}\`, ${unit} | ${shown(value.median)} (${shown(value.min)}-${shown(value.max)}) |`,
      ),
  );
  return lines.length === 0 ? '' : ['| | Millrace (min-max) |', '| --- | --- |', ...lines].join('\n');
}

/** Each curve as a line: count and value, and how steep the last step is. */
export function growthText({ curves }: Results): string {
  if (curves.length === 0) return '';
  const lines = curves.map(curve => {
    const points = curve.points.map(([count, value]) => `${count.toLocaleString('en')}: ${shown(value)}`);
    return `| ${curve.title}, ${curve.unit} | ${curve.of} | ${points.join('; ')} | ${lastSlope(curve).toFixed(2)} |`;
  });
  return ['| | of | | last step |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function growthSection(results: Results): string[] {
  const growth = growthText(results);
  if (growth === '') return [];
  const images = results.curves.map(
    ({ name, title, of }) => `![${title}, by ${of}](images/performance-growth-${name}.svg)`,
  );
  return [
    `## How cost grows\n\nMillrace alone, \`--flush os\`, medians of a few looks. Last step: 0 is flat, 1 is linear, 2 is quadratic; a flat part before it is what a request costs in any case. Both scales of the plots are logarithmic.\n\n${growth}\n\n${images.join('\n')}\n`,
  ];
}

export function shortfalls(tables: readonly Table[]): string[] {
  return tables.flatMap(({ comparison, rows }) =>
    rows
      .filter(row => !row.reachesGoal)
      .map(
        row =>
          `${comparison.title}: ${row.title}, ${row.unit}: ${shown((row.goal?.isAbsolute ? row.millrace : row.ratio).median)}, goal ${goalText(row)}`,
      ),
  );
}

export interface Circumstances {
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly isFull: boolean;
  readonly heavyRounds: number;
  readonly millraceVersion: string;
  readonly javaVersion: string;
  readonly took: string;
}

function machineText({ millraceVersion, javaVersion }: Circumstances): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const versions = `Millrace ${millraceVersion} on Node ${process.versions.node}, Apache Kafka 4.3.1 on Java ${javaVersion}`;
  return `Machine: ${processors.length} processors (${model}), ${memory}, ${type()} ${release()}. ${versions}. ${new Date().toISOString().slice(0, 10)}.`;
}

export function pageText(results: Results, circumstances: Circumstances): string {
  const { rounds, isQuick, isFull, heavyRounds, took } = circumstances;
  const sections = results.tables().map(table => {
    const { name, title, text } = table.comparison;
    return `## ${title}\n\n${text}\n\n![${title}: ratios](images/performance-${name}.svg)\n\n${tableText(table)}\n`;
  });
  const http = httpText(results);
  if (http !== '') {
    sections.push(
      `## Over HTTP\n\nOne kept connection, one call after the other; the goal is 20 ms. Apache Kafka has no HTTP.\n\n${http}\n`,
    );
  }
  sections.push(...growthSection(results));
  const roundsOf = (count: number): string => `${count} ${count === 1 ? 'round' : 'rounds'}`;
  const heavyText =
    isFull && heavyRounds < rounds ? `, ${roundsOf(heavyRounds)} of what has servers of its own` : '';
  const roundsText = `${roundsOf(rounds)}${heavyText}${isQuick ? ', quick: small loads' : ''}`;
  return `# Performance, beside Apache Kafka

<!-- Written by \`npm run bench -- --write\`; do not edit. -->

Apache Kafka 4.3.1 and Millrace on one machine, in turn, ${roundsText} (${took}). In each round each way to produce and its consumer meet servers just started on fresh directories, all other rows share a server, and both get the same loads in the same order. Millrace runs as \`millrace up\` does, console and API included; Apache Kafka has a heap of 1 GB, as its scripts give it. Figures are medians of the rounds; a ratio is Millrace / Apache Kafka, formed within a round, its median, and the smallest and largest. Bars are on a logarithmic scale; green is better than Apache Kafka, the thin line is the range.

Server and client share the processors, so a rate is as much the client's as the broker's; the processor seconds are the broker's alone.

${machineText(circumstances)}

${sections.join('\n')}
Measure it yourself: \`npm run bench\` (needs Java and Maven for Apache Kafka's own jars, and some eight minutes a round; \`-- --quick\` takes two).
`;
}
