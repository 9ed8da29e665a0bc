// One figure over a growing number, both on logarithmic scales, as plain SVG: a straight rising line is a power of the
// number, so linear growth is the dashed line's slope, and what is steeper grows faster than linear.

import { shown } from './statistics.ts';

export interface Curve {
  readonly name: string;
  readonly title: string;
  /** What is counted below the plot. */
  readonly of: string;
  readonly unit: string;
  readonly points: readonly (readonly [count: number, value: number])[];
}

const WIDTH = 480;
const HEIGHT = 220;
const LEFT = 60;
const BOTTOM = 40;
const TOP = 30;
const RIGHT = 20;
const LINE = '#2e6e9e';
const GREY = '#888888';
const TINY = 1e-6;

interface Scale {
  readonly from: number;
  readonly to: number;
}

/** Whole decades around the values. */
function decadesOf(values: readonly number[]): Scale {
  const logs = values.map(value => Math.log10(Math.max(value, TINY)));
  const from = Math.floor(Math.min(...logs));
  return { from, to: Math.max(from + 1, Math.ceil(Math.max(...logs))) };
}

function ticksOf({ from, to }: Scale): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function countText(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1_000 ? `${value / 1_000} k` : String(value);
}

export function linePlotOf({ title, of, unit, points }: Curve): string {
  const across = decadesOf(points.map(([count]) => count));
  const up = decadesOf(points.map(([, value]) => value));
  const x = (log: number) =>
    LEFT + ((WIDTH - LEFT - RIGHT) * (log - across.from)) / (across.to - across.from);
  const y = (log: number) =>
    HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * (log - up.from)) / (up.to - up.from);
  const at = ([count, value]: readonly [number, number]) =>
    `${x(Math.log10(count)).toFixed(1)},${y(Math.log10(Math.max(value, TINY))).toFixed(1)}`;
  const rows = ticksOf(up).map(
    log =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(log)}" y2="${y(log)}" stroke="${GREY}" stroke-opacity="0.3"/>\n<text x="${LEFT - 6}" y="${y(log) + 4}" text-anchor="end">${shown(10 ** log)}</text>`,
  );
  const columns = ticksOf(across).map(
    log =>
      `<text x="${x(log)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${countText(10 ** log)}</text>`,
  );
  const decades = Math.min(across.to - across.from, up.to - up.from);
  const linear = `<line x1="${x(across.to - decades)}" y1="${y(up.from)}" x2="${x(across.to)}" y2="${y(up.from + decades)}" stroke="${GREY}" stroke-dasharray="4 4"/>`;
  const dots = points.map(point => {
    const [cx, cy] = at(point).split(',');
    return `<circle cx="${cx}" cy="${cy}" r="3" fill="${LINE}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="${GREY}">
<title>${title}, ${unit}, by ${of}</title>
<text x="${LEFT}" y="16">${title}, ${unit}</text>
${[...rows, ...columns, linear].join('\n')}
<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${of}; dashed: linear</text>
<polyline points="${points.map(at).join(' ')}" fill="none" stroke="${LINE}" stroke-width="2"/>
${dots.join('\n')}
</svg>
`;
}

/** How steep the last decade is: 0 flat, 1 linear, 2 quadratic. */
export function lastSlope({ points }: Curve): number {
  const [before, last] = points.slice(-2);
  if (before === undefined || last === undefined) return Number.NaN;
  return Math.log10(Math.max(last[1], TINY) / Math.max(before[1], TINY)) / Math.log10(last[0] / before[0]);
}
