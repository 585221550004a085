import { paths } from './urls.ts';

/** What cells of the wall are told apart and ordered by. */
export const WALL_KEYS = ['model', 'figure', 'layer', 'head', 'prompt'] as const;
export type WallKey = (typeof WALL_KEYS)[number];

/** What tells the points of the map apart. */
export const MAP_COLOURS = ['metric', 'group', 'model', 'layer'] as const;
export type MapColour = (typeof MAP_COLOURS)[number];

/** How heads are shown. */
const SHOWN_AS = ['table', 'wall', 'map'] as const;

/** Images in a row of the wall. */
export const PER_ROW = { least: 1, usual: 8, most: 24 } as const;

/** What `/heads/` shows; its address holds all of it. */
export interface HeadsState {
  /** The model's id; empty for all. */
  readonly model: string;
  readonly query: string;
  /** The metric that heads are sorted by, or undefined for the page's own. */
  readonly sort: string | undefined;
  readonly isAscending: boolean;
  readonly show: (typeof SHOWN_AS)[number];
  /** Of the points of the map. */
  readonly colour: MapColour;
  /** Prompts of the wall; empty for the first that there is. */
  readonly prompts: readonly string[];
  /** Figures of the wall; empty for the first that there is. */
  readonly figures: readonly string[];
  readonly perRow: number;
  readonly border: WallKey | undefined;
  /** In which order the wall's cells stand: by the first key, then the second, ... */
  readonly order: readonly WallKey[];
  readonly captions: boolean;
}

export const USUAL_HEADS_STATE: HeadsState = {
  model: '',
  query: '',
  sort: undefined,
  isAscending: false,
  show: 'table',
  colour: 'metric',
  prompts: [],
  figures: [],
  perRow: PER_ROW.usual,
  border: undefined,
  order: [],
  captions: true,
};

/**
 * Reads the query string of `/heads/`. What cannot be understood is left out. Links of before there were queries
 * (`least=0.2` of the metric in `sort`) become the query that means the same.
 *
 * @param usualSort the metric that `least` is of where the link names none
 */
export function parseHeadsState(search: string, usualSort: string): HeadsState {
  const parameters = new URLSearchParams(search);
  const list = (name: string) => (parameters.get(name) ?? '').split(',').filter((part) => part !== '');
  const sort = parameters.get('sort') ?? undefined;
  const least = Number(parameters.get('least') ?? '');
  const perRow = Number(parameters.get('row') ?? '');
  const isWithin = Number.isInteger(perRow) && perRow >= PER_ROW.least && perRow <= PER_ROW.most;
  const old = Number.isFinite(least) && least > 0 ? `${sort ?? usualSort} >= ${least}` : '';
  return {
    model: parameters.get('model') ?? '',
    query: parameters.get('q') ?? old,
    sort,
    isAscending: parameters.get('direction') === 'ascending',
    show: SHOWN_AS.find((name) => name === parameters.get('show')) ?? 'table',
    colour: MAP_COLOURS.find((name) => name === parameters.get('colour')) ?? 'metric',
    prompts: list('prompts'),
    figures: list('figures'),
    perRow: isWithin ? perRow : PER_ROW.usual,
    border: WALL_KEYS.find((key) => key === parameters.get('border')),
    order: list('order').flatMap((name) => WALL_KEYS.filter((key) => key === name)),
    captions: parameters.get('captions') !== 'no',
  };
}

/** The path of `/heads/` that shows `state`, below the base. */
export function headsPath(state: Partial<HeadsState> = {}): string {
  const whole = { ...USUAL_HEADS_STATE, ...state };
  const parameters = new URLSearchParams();
  const set = (name: string, value: string, isUsual: boolean) => {
    if (!isUsual) parameters.set(name, value);
  };
  set('model', whole.model, whole.model === '');
  set('q', whole.query, whole.query.trim() === '');
  set('sort', whole.sort ?? '', whole.sort === undefined);
  set('direction', 'ascending', !whole.isAscending);
  set('show', whole.show, whole.show === 'table');
  set('colour', whole.colour, whole.colour === 'metric');
  set('prompts', whole.prompts.join(','), whole.prompts.length === 0);
  set('figures', whole.figures.join(','), whole.figures.length === 0);
  set('row', String(whole.perRow), whole.perRow === PER_ROW.usual);
  set('border', whole.border ?? '', whole.border === undefined);
  set('order', whole.order.join(','), whole.order.length === 0);
  set('captions', 'no', whole.captions);
  const query = parameters.toString();
  return query === '' ? paths.heads() : `${paths.heads()}?${query}`;
}
