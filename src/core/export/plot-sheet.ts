import { stopsOf } from '../colour/chosen-maps.ts';
import { COLOUR_STOPS, type Theme } from '../colour/colour-maps.ts';
import type { Pattern } from '../pattern.ts';
import { labelledPositions } from '../view/axis-labels.ts';
import { formatNumber } from '../view/cell-value.ts';
import { seen, type PlotWindow } from '../view/plot-window.ts';
import { tokenLabel } from '../view/token-marks.ts';
import { positionOn, scaleTicks, type ValueScale } from '../view/value-scale.ts';
import type { LabelledMatrix } from './pattern-csv.ts';

/** What a sheet shows. */
export interface SheetContent extends LabelledMatrix {
  readonly title: string;
  /** Lines below the plot: what it is of, how exact, where from. */
  readonly notes: readonly string[];
  readonly scale: ValueScale;
  readonly unit: string;
  readonly window: PlotWindow;
  readonly theme: Theme;
}

/** A line of text; `x`, `y` is where its `anchor` stands on the middle line of the letters. */
export interface SheetText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly face: 'text' | 'mono';
  readonly isStrong: boolean;
  /** Turned by a quarter, to read upwards. */
  readonly isUpright: boolean;
  readonly ink: string;
}

interface SheetBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A figure ready for print, in units of CSS pixels: where everything stands, whatever it is drawn with. */
export interface PlotSheet {
  readonly width: number;
  readonly height: number;
  readonly paper: string;
  readonly hairline: string;
  readonly tickInk: string;
  readonly plot: SheetBox;
  /** The colour bar, and the colours evenly spaced along it. */
  readonly bar: SheetBox;
  readonly stops: readonly string[];
  readonly ticks: readonly number[];
  readonly texts: readonly SheetText[];
}

/** The inks of the site's themes (src/styles/tokens.css). */
const INKS: Readonly<Record<Theme, { ink: string; soft: string; hairline: string }>> = {
  light: { ink: '#1c1a17', soft: '#5e584f', hairline: '#d8d2c5' },
  dark: { ink: '#e9e5db', soft: '#a9a499', hairline: '#383b42' },
};
const MARGIN = 16;
const AXIS = 88;
const PLOT = 560;
const LABEL = 11;
const LETTER = 6.7;
const SPACING = 13;
const LEAST_TICK_GAP = 44;
const NOTE_LINE = 15;

/** Places the parts of a figure. The plot's longer side has 560 pixels; the sheet grows with the notes. */
export function plotSheet(content: SheetContent): PlotSheet {
  const { pattern, scale, unit, window, theme, title, notes } = content;
  const { ink, soft, hairline } = INKS[theme];
  const plot = plotBox(pattern, window);
  const bar = {
    x: plot.x,
    y: plot.y + plot.height + AXIS + 16,
    width: Math.max(plot.width, 240),
    height: 10,
  };
  const position = positionOn(scale);
  const texts: SheetText[] = [
    text(title, MARGIN, MARGIN + 8, { size: 15, isStrong: true, ink }),
    text('query ↓', plot.x - 8, plot.y - 8, { anchor: 'end', ink: soft }),
    text('key →', plot.x - 8, plot.y + plot.height + 10, { anchor: 'end', ink: soft }),
    ...axis(content, plot, 'query', soft),
    ...axis(content, plot, 'key', soft),
  ];
  const ticks: number[] = [];
  for (const tick of scaleTicks(scale)) {
    const x = bar.x + position(tick) * bar.width;
    const isEnd = x === bar.x || x === bar.x + bar.width;
    const last = bar.x + bar.width;
    if (!isEnd && [bar.x, last, ...ticks].some((other) => Math.abs(other - x) < LEAST_TICK_GAP)) continue;
    ticks.push(x);
    const anchor = x === bar.x ? 'start' : x === last ? 'end' : 'middle';
    texts.push(text(formatNumber(tick), x, bar.y + 21, { anchor, face: 'mono', ink: soft }));
  }
  const kind = { linear: 'linear', sqrt: 'square-root', log: 'logarithmic' }[scale.kind];
  const lines = [`${unit}, ${kind} scale`, ...notes];
  const firstLine = bar.y + 40;
  texts.push(...lines.map((line, at) => text(line, bar.x, firstLine + at * NOTE_LINE, { ink: soft })));
  const widest = Math.max(...texts.filter(({ isUpright }) => !isUpright).map(rightEnd));
  return {
    width: Math.ceil(Math.max(plot.x + plot.width, bar.x + bar.width, widest) + MARGIN),
    height: Math.ceil(firstLine + (lines.length - 1) * NOTE_LINE + 8 + MARGIN),
    paper: COLOUR_STOPS[theme].sequential[0] ?? '#fff',
    hairline,
    tickInk: soft,
    plot,
    bar,
    stops: stopsOf(theme, scale.map, scale.chosen),
    ticks,
    texts,
  };
}

function plotBox(pattern: Pattern, window: PlotWindow): SheetBox {
  const { rows, columns } = seen(pattern, window);
  const longer = Math.max(rows, columns);
  return {
    x: MARGIN + AXIS,
    y: MARGIN + 44,
    width: (PLOT * columns) / longer,
    height: (PLOT * rows) / longer,
  };
}

/** The tokens beside one side of the plot, thinned out to what fits. */
function axis(content: SheetContent, plot: SheetBox, side: 'query' | 'key', ink: string): SheetText[] {
  const { pattern, window, queryTokens, keyTokens } = content;
  const inSight = seen(pattern, window);
  const isQuery = side === 'query';
  const tokens = isQuery ? queryTokens : keyTokens;
  const first = isQuery ? window.top : window.left;
  const length = isQuery ? inSight.rows : inSight.columns;
  const pixels = isQuery ? plot.height : plot.width;
  const { step, positions } = labelledPositions({
    first,
    length,
    pixels,
    spacing: SPACING,
    count: tokens.length,
  });
  return positions.map((position) => {
    const number = step > 1 ? `${position} ` : '';
    const room = Math.floor((AXIS - 8) / LETTER) - number.length;
    const label = number + tokenLabel(tokens[position] ?? '', Math.max(2, room));
    const at = Math.min(pixels - 5, Math.max(5, ((position + 0.5 - first) * pixels) / length));
    const look = { anchor: 'end', face: 'mono', ink } as const;
    return isQuery
      ? text(label, plot.x - 8, plot.y + at, look)
      : text(label, plot.x + at, plot.y + plot.height + 8, { ...look, isUpright: true });
  });
}

function text(
  words: string,
  x: number,
  y: number,
  look: Partial<Omit<SheetText, 'text' | 'x' | 'y'>> & { ink: string },
): SheetText {
  const usual = { size: LABEL, anchor: 'start', face: 'text', isStrong: false, isUpright: false } as const;
  return { text: words, x, y, ...usual, ...look };
}

/** About where a text that reads across ends. */
function rightEnd({ text: words, x, size, anchor }: SheetText): number {
  const width = Array.from(words).length * size * 0.58;
  return x + (anchor === 'start' ? width : anchor === 'middle' ? width / 2 : 0);
}
