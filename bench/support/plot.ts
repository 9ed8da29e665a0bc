// The ratios of one table as a bar plot: from 1, where both are equal, to the median, on a logarithmic scale, with the
// range of the rounds as a thin line. Rows of one plot are few, so it is plain SVG written by hand.

import { isRate, type Row, type Table } from './results.ts';
import { shown } from './statistics.ts';

const LABEL_WIDTH = 400;
const PLOT_WIDTH = 360;
const VALUE_WIDTH = 70;
const ROW_HEIGHT = 22;
const BAR_HEIGHT = 12;
const TOP = 30;
const BETTER = '#2e9e5b';
const WORSE = '#d1603d';
const GREY = '#888888';
/** The scale goes at least this far to both sides, and never further than a ratio of a hundred. */
const DECADES_MIN = 0.35;
const DECADES_MAX = 2;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function decadesOf(rows: readonly Row[]): number {
  const largest = Math.max(
    ...rows
      .flatMap(({ ratio }) => [ratio.min, ratio.max])
      .filter(value => value > 0)
      .map(value => Math.abs(Math.log10(value))),
  );
  return Math.min(DECADES_MAX, Math.max(DECADES_MIN, largest * 1.05));
}

function ticksOf(decades: number): number[] {
  const all = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
  const within = all.filter(value => Math.abs(Math.log10(value)) <= decades);
  return within.length > 1 ? within : [0.5, 1, 2];
}

function rowMarks(row: Row, top: number, at: (ratio: number) => number): string {
  const { title, unit, ratio } = row;
  const isBetter = isRate(unit) ? ratio.median >= 1 : ratio.median <= 1;
  const middle = top + ROW_HEIGHT / 2;
  const one = at(1);
  const end = at(ratio.median);
  const label = `<text x="${LABEL_WIDTH - 8}" y="${middle + 4}" text-anchor="end">${escaped(`${title}, ${unit}`)}</text>`;
  const bar = `<rect x="${Math.min(one, end).toFixed(1)}" y="${middle - BAR_HEIGHT / 2}" width="${Math.max(1, Math.abs(end - one)).toFixed(1)}" height="${BAR_HEIGHT}" fill="${isBetter ? BETTER : WORSE}"/>`;
  const range = `<line x1="${at(ratio.min).toFixed(1)}" x2="${at(ratio.max).toFixed(1)}" y1="${middle}" y2="${middle}" stroke="${GREY}" stroke-width="2"/>`;
  const value = `<text x="${LABEL_WIDTH + PLOT_WIDTH + 8}" y="${middle + 4}">${shown(ratio.median)}</text>`;
  return [label, bar, range, value].join('\n');
}

export function plotOf({ comparison, rows }: Table): string {
  const decades = decadesOf(rows);
  const at = (ratio: number) => {
    const place = Math.max(-decades, Math.min(decades, ratio > 0 ? Math.log10(ratio) : -decades));
    return LABEL_WIDTH + (PLOT_WIDTH * (place + decades)) / (2 * decades);
  };
  const bottom = TOP + rows.length * ROW_HEIGHT;
  const ticks = ticksOf(decades).map(
    value =>
      `<line x1="${at(value).toFixed(1)}" x2="${at(value).toFixed(1)}" y1="${TOP - 4}" y2="${bottom}" stroke="${GREY}" stroke-opacity="${value === 1 ? 1 : 0.3}"/>\n` +
      `<text x="${at(value).toFixed(1)}" y="${TOP - 10}" text-anchor="middle">${value}</text>`,
  );
  const width = LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH;
  const height = bottom + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12" fill="${GREY}">
<title>${escaped(comparison.title)}: Millrace / Apache Kafka</title>
${ticks.join('\n')}
${rows.map((row, index) => rowMarks(row, TOP + index * ROW_HEIGHT, at)).join('\n')}
</svg>
`;
}
