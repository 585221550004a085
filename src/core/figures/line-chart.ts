import { escapeText, round } from './svg-text.ts';

/** One value a step, drawn as a line over its axes. */
export interface LineChart {
  readonly values: readonly number[];
  /** What the axes count. */
  readonly across: string;
  readonly up: string;
  /** The first and last step as they are written. */
  readonly from: string;
  readonly to: string;
  /** The value at the top; the largest if left out. */
  readonly greatest?: number;
}

const WIDTH = 480;
const HEIGHT = 240;
const LEFT = 48;
const BOTTOM = 32;

/** A chart as SVG in the ink of the page. */
export function lineChart({ values, across, up, from, to, greatest }: LineChart): string {
  const top = greatest ?? Math.max(...values, 0);
  const x = (at: number) =>
    round(LEFT + (values.length < 2 ? 0 : (at / (values.length - 1)) * (WIDTH - LEFT - 8)));
  const y = (value: number) =>
    round(HEIGHT - BOTTOM - (top === 0 ? 0 : value / top) * (HEIGHT - BOTTOM - 24));
  const points = values.map((value, at) => `${x(at)},${y(value)}`).join(' ');
  const text = (tx: number, ty: number, anchor: string, content: string) =>
    `<text x="${tx}" y="${ty}" font-size="12" text-anchor="${anchor}" fill="currentColor">${escapeText(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(`${up} by ${across}`)}">`,
    `<path d="M${LEFT} 20V${HEIGHT - BOTTOM}H${WIDTH}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>`,
    `<polyline points="${points}" fill="none" stroke="currentColor" stroke-width="1.5"/>`,
    values.length === 1 ? `<circle cx="${x(0)}" cy="${y(values[0] ?? 0)}" r="3" fill="currentColor"/>` : '',
    text(LEFT, 14, 'start', up),
    text(LEFT - 6, 28, 'end', String(Number(top.toPrecision(2)))),
    text(LEFT - 6, HEIGHT - BOTTOM, 'end', '0'),
    text(LEFT, HEIGHT - 16, 'start', from),
    text(WIDTH, HEIGHT - 16, 'end', to),
    text((LEFT + WIDTH) / 2, HEIGHT - 4, 'middle', across),
    '</svg>',
  ].join('');
}
