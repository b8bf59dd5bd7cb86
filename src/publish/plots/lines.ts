import { scaleLinear, scaleUtc } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { type Html, html } from '../markup/html.ts';
import { drawn } from './frame.ts';

export interface Point {
  /** `2026-11-20`. */
  readonly day: string;
  readonly value: number;
}

const WIDTH = 360;
const HEIGHT = 210;
const MARGIN = { top: 14, right: 14, bottom: 22, left: 52 };

/** `12K`: as much of a number as the side of a drawing has room for; the table has it whole. */
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** One number over time, as steps from day to day. One day alone is a point. */
export function steps(id: string, title: string, about: string, points: readonly Point[], tone: string): Html {
  const at = ({ day }: Point) => new Date(`${day}T00:00:00Z`);
  const days = points.map(at);
  const x = scaleUtc([days[0] ?? new Date(0), days.at(-1) ?? new Date(1)], [MARGIN.left, WIDTH - MARGIN.right]);
  const most = Math.max(1, ...points.map(({ value }) => value));
  const y = scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const path = line<Point>(
    (point) => x(at(point)),
    (point) => y(point.value),
  )
    .curve(curveStepAfter)
    .digits(1);
  const labels = [...new Set([points[0], points.at(-1)])].filter((one) => one !== undefined);
  const last = points.at(-1);
  return html`<svg class="plot-lines ${tone}" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${WIDTH} ${HEIGHT}">${drawn(id, title, about)}${y
    .ticks(4)
    .map(
      (tick) =>
        html`<path class="grid" d="M${MARGIN.left} ${y(tick).toFixed(1)}H${WIDTH - MARGIN.right}"/><text class="last" x="${MARGIN.left - 8}" y="${(y(tick) + 4).toFixed(1)}">${SHORT.format(tick)}</text>`,
    )}${points.length > 1 ? html`<path class="curve" d="${path([...points]) ?? ''}"/>` : ''}${last ? html`<circle cx="${x(at(last)).toFixed(1)}" cy="${y(last.value).toFixed(1)}" r="3.5"/>` : ''}${labels.map(
    (point, number) =>
      html`<text class="${number === 0 ? 'first' : 'last'}" x="${number === 0 ? MARGIN.left : WIDTH - MARGIN.right}" y="${HEIGHT - 6}">${point.day}</text>`,
  )}</svg>`;
}
