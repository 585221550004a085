import { MAP_CHOICES, type MapChoice } from './colour-map.ts';
import { headName } from './head-name.ts';
import { STACKS } from './stacks.ts';
import { paths, type HeadAddress } from './urls.ts';

/** One head of one model on one prompt: what a view or a pane shows. */
export interface PatternAddress extends HeadAddress {
  /** The prompt's 22-character id, or `text1` to `text6` for a text in the address's fragment. */
  readonly prompt: string;
}

/** How a value becomes a place on the colour map. */
export const SCALES = ['linear', 'sqrt', 'log'] as const;
export type Scale = (typeof SCALES)[number];

/** A query row and a key column, zero-based. */
export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** What is zoomed to: the first and the last query and key that are seen, inclusive. */
export interface Zoom {
  readonly queries: readonly [first: number, last: number];
  readonly keys: readonly [first: number, last: number];
}

/** How patterns are shown; what is absent is left to the page. */
export interface Display {
  readonly figure?: string;
  readonly scale?: Scale;
  /** The colour map in place of the theme's own. */
  readonly map?: MapChoice;
  /** The values at both ends of the colour bar, the first below the second. */
  readonly range?: readonly [least: number, greatest: number];
  readonly pin?: Cell;
  readonly zoom?: Zoom;
  /** In a frame of another page: without the site's header, footer and controls. */
  readonly embed?: true;
}

export interface CompareDisplay extends Display {
  /** The first two panes as their difference, second minus first. */
  readonly difference?: boolean;
}

/** A part of a query string that could not be understood: a sentence about it. */
interface Problem {
  readonly parameter: string;
  readonly text: string;
}

export interface ParsedView {
  /** What the string names; parts that are absent or broken are absent. */
  readonly address: Partial<PatternAddress>;
  readonly display: Display;
  readonly problems: readonly Problem[];
}

export interface ParsedCompare {
  readonly panes: readonly PatternAddress[];
  readonly display: CompareDisplay;
  readonly problems: readonly Problem[];
}

export const MOST_PANES = 6;

const MODEL = /^[A-Za-z0-9\-_.]{1,200}$/u;
const PROMPT = /^(?:[A-Za-z0-9\-_]{22}|text[1-6])$/u;
const FIGURE = /^[a-z0-9][a-z0-9-]{0,99}$/u;
const INDEX = /^\d{1,7}$/u;
const PAIR = /^(\d{1,7}),(\d{1,7})$/u;
const SPANS = /^(\d{1,7})\.\.(\d{1,7}),(\d{1,7})\.\.(\d{1,7})$/u;
const HEAD = /^L(\d{1,7})H(\d{1,7})$/u;
const SHOWN = 60;

/** How patterns are shown, as the fragment of `/live/` has it; empty where all is left to the page. */
export function displayFragment(display: Display): string {
  return formatDisplay(display).join('&');
}

/** Reads what `displayFragment` writes. Never throws: what cannot be understood is left out. */
export function parseDisplay(fragment: string): Display {
  return readDisplay(new QueryReader(fragment));
}

/** The path of `/view/` for one pattern, below the base. */
export function viewPath(address: PatternAddress, display: Display = {}): string {
  const { model, stack, layer, head, prompt } = address;
  return withQuery(paths.view(), [
    `model=${encodeURIComponent(model)}`,
    ...(stack === 'self' ? [] : [`stack=${stack}`]),
    `layer=${layer}`,
    `head=${head}`,
    `prompt=${encodeURIComponent(prompt)}`,
    ...formatDisplay(display),
  ]);
}

/** The path of `/compare/` for these panes, below the base. */
export function comparePath(panes: readonly PatternAddress[], display: CompareDisplay = {}): string {
  return withQuery(paths.compare(), [
    ...panes.map((pane) => `pane=${formatPane(pane)}`),
    ...(display.difference === true ? ['show=difference'] : []),
    ...formatDisplay(display),
  ]);
}

/** Reads the query string of `/view/`. Never throws: what cannot be understood is a problem, the rest is kept. */
export function parseView(query: string): ParsedView {
  const reader = new QueryReader(query);
  const address: Partial<PatternAddress> = defined({
    model: reader.text('model', MODEL, 'no model name'),
    stack: reader.oneOf('stack', STACKS) ?? 'self',
    layer: reader.read('layer', readIndex, 'no layer number; layers are counted 0, 1, 2'),
    head: reader.read('head', readIndex, 'no head number; heads are counted 0, 1, 2'),
    prompt: reader.text('prompt', PROMPT, 'no prompt id, which has 22 letters, digits, - or _'),
  });
  return { address, display: readDisplay(reader), problems: reader.problems };
}

/** Reads the query string of `/compare/`. Never throws: what cannot be understood is a problem, the rest is kept. */
export function parseCompare(query: string): ParsedCompare {
  const reader = new QueryReader(query);
  const panes = reader.all('pane', parsePane, 'no pane; one is written MODEL~L1H2~PROMPT');
  if (panes.length > MOST_PANES) {
    reader.problems.push({
      parameter: 'pane',
      text: `The link names ${panes.length} panes; the first ${MOST_PANES} are shown.`,
    });
  }
  const difference = reader.oneOf('show', ['difference'] as const) === 'difference';
  const display: CompareDisplay = { ...readDisplay(reader), ...(difference ? { difference } : {}) };
  return { panes: panes.slice(0, MOST_PANES), display, problems: reader.problems };
}

function withQuery(path: string, parts: readonly string[]): string {
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

/** One pattern in a word, as the query string of `/compare/` has it: `MODEL~L1H2~PROMPT`, or `MODEL~encoder~L1H2~PROMPT`. */
export function formatPane({ model, stack, layer, head, prompt }: PatternAddress): string {
  const parts = [model, ...(stack === 'self' ? [] : [stack]), headName(layer, head), prompt];
  return parts.map(encodeURIComponent).join('~');
}

/** Reads what `formatPane` writes; undefined for anything else. */
export function parsePane(text: string): PatternAddress | undefined {
  const parts = text.split('~');
  const [model = '', stack = '', place = '', prompt = ''] =
    parts.length === 3 ? [parts[0], 'self', parts[1], parts[2]] : parts;
  const [, layer, head] = HEAD.exec(place) ?? [];
  const known = STACKS.find((name) => name === stack);
  if (parts.length > 4 || !MODEL.test(model) || !PROMPT.test(prompt)) return undefined;
  if (known === undefined || layer === undefined || head === undefined) return undefined;
  return { model, stack: known, layer: Number(layer), head: Number(head), prompt };
}

function formatDisplay({ figure, scale, map, range, pin, zoom, embed }: Display): string[] {
  const parts: string[] = [];
  if (figure !== undefined) parts.push(`figure=${encodeURIComponent(figure)}`);
  if (scale !== undefined) parts.push(`scale=${scale}`);
  if (map !== undefined) parts.push(`map=${map}`);
  if (range !== undefined) parts.push(`range=${range[0]}..${range[1]}`);
  if (pin !== undefined) parts.push(`pin=${pin.query},${pin.key}`);
  if (zoom !== undefined) parts.push(`zoom=${zoom.queries.join('..')},${zoom.keys.join('..')}`);
  if (embed === true) parts.push('embed=1');
  return parts;
}

function readDisplay(reader: QueryReader): Display {
  return defined({
    figure: reader.text('figure', FIGURE, 'no figure name'),
    scale: reader.oneOf('scale', SCALES),
    map: reader.oneOf('map', MAP_CHOICES),
    range: reader.read('range', readRange, 'no range; one is written 0..0.5'),
    pin: reader.read('pin', readPin, 'no cell; one is written 12,5 for query 12 and key 5'),
    zoom: reader.read(
      'zoom',
      readZoom,
      'no part of a pattern; one is written 8..31,0..23, queries then keys',
    ),
    embed: reader.flag('embed'),
  });
}

function readIndex(text: string): number | undefined {
  return INDEX.test(text) ? Number(text) : undefined;
}

function readRange(text: string): readonly [number, number] | undefined {
  const ends = text.split('..');
  const [least, greatest] = ends.map((end) => (end.trim() === '' ? Number.NaN : Number(end)));
  if (ends.length !== 2 || least === undefined || greatest === undefined) return undefined;
  const isRange = Number.isFinite(least) && Number.isFinite(greatest) && least < greatest;
  return isRange ? [least, greatest] : undefined;
}

function readPin(text: string): Cell | undefined {
  const [, query, key] = PAIR.exec(text) ?? [];
  return query === undefined || key === undefined ? undefined : { query: Number(query), key: Number(key) };
}

function readZoom(text: string): Zoom | undefined {
  const ends = SPANS.exec(text)?.slice(1).map(Number);
  if (ends === undefined) return undefined;
  const [firstQuery = 0, lastQuery = 0, firstKey = 0, lastKey = 0] = ends;
  if (firstQuery > lastQuery || firstKey > lastKey) return undefined;
  return { queries: [firstQuery, lastQuery], keys: [firstKey, lastKey] };
}

/** `values` without the keys whose value is undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Takes parameters out of a query string and notes what it cannot understand. */
class QueryReader {
  readonly problems: Problem[] = [];
  readonly #parameters: URLSearchParams;

  constructor(query: string) {
    this.#parameters = new URLSearchParams(query);
  }

  /** What `reader` makes of the first value; undefined where it is absent, empty, or `reader` gives undefined. */
  read<T>(parameter: string, reader: (text: string) => T | undefined, fault: string): T | undefined {
    const text = this.#parameters.get(parameter) ?? '';
    if (text === '') return undefined;
    const value = reader(text);
    if (value === undefined) this.#note(parameter, text, fault);
    return value;
  }

  /** Whether the parameter is there, whatever its value. */
  flag(parameter: string): true | undefined {
    return this.#parameters.has(parameter) ? true : undefined;
  }

  text(parameter: string, form: RegExp, fault: string): string | undefined {
    return this.read(parameter, (text) => (form.test(text) ? text : undefined), fault);
  }

  oneOf<const T extends string>(parameter: string, names: readonly T[]): T | undefined {
    const find = (text: string) => names.find((name) => name === text);
    return this.read(parameter, find, `none of ${names.join(', ')}`);
  }

  /** What `reader` makes of every value, in their order. */
  all<T>(parameter: string, reader: (text: string) => T | undefined, fault: string): T[] {
    return this.#parameters.getAll(parameter).flatMap((text) => {
      const value = reader(text);
      if (value === undefined) this.#note(parameter, text, fault);
      return value === undefined ? [] : [value];
    });
  }

  #note(parameter: string, text: string, fault: string): void {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    this.problems.push({ parameter, text: `“${parameter}=${shown}” is ${fault}.` });
  }
}
