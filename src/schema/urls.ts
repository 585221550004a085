import { headName } from './head-name.ts';
import { STACKS, type Stack } from './stacks.ts';

/** One head of one model: what a head page, a tile or a pane shows. */
export interface HeadAddress {
  /** The model's sanitised name. */
  readonly model: string;
  readonly stack: Stack;
  readonly layer: number;
  readonly head: number;
}

/** Every path of the site, below the base. Stable: a link that was shared keeps working. */
export const paths = {
  home: () => '/',
  models: () => '/models/',
  model: (model: string) => `/${model}/`,
  layer: (model: string, stack: Stack, layer: number) => `/${model}/${stackSegment(stack)}L${layer}/`,
  head: ({ model, stack, layer, head }: HeadAddress) => `/${model}/${stackSegment(stack)}L${layer}/H${head}/`,
  prompts: (page = 1) => (page === 1 ? '/prompts/' : `/prompts/page/${page}/`),
  prompt: (id: string) => `/prompts/${id}/`,
  view: () => '/view/',
  compare: () => '/compare/',
  heads: () => '/heads/',
  search: () => '/search/',
  figures: () => '/figures/',
  figure: (name: string) => `/figures/${name}/`,
  metrics: () => '/metrics/',
  metric: (name: string) => `/metrics/${name}/`,
  live: () => '/live/',
  about: () => '/about/',
} as const;

function stackSegment(stack: Stack): string {
  return stack === 'self' ? '' : `${stack}/`;
}

const HEAD_PATH = /^\/([^/]+)\/(?:([a-z]+)\/)?L(\d+)\/H(\d+)\/$/u;

/** The head whose page is at `path` (below the base); undefined where that is no head's page. */
export function parseHeadPath(path: string): HeadAddress | undefined {
  const [, model, name = 'self', layer, head] = HEAD_PATH.exec(path) ?? [];
  const stack = STACKS.find((known) => known === name);
  if (model === undefined || stack === undefined) return undefined;
  return { model: decodeURIComponent(model), stack, layer: Number(layer), head: Number(head) };
}

/** A head in the names of files: `L3H5`, with `encoder-` before it in a stack of that name. */
export function headFileName({ stack, layer, head }: Pick<HeadAddress, 'stack' | 'layer' | 'head'>): string {
  return `${stack === 'self' ? '' : `${stack}-`}${headName(layer, head)}`;
}

/** Every generated file of the site, below the base. */
export const assets = {
  pack: (model: string, prompt: string) => `/generated/packs/${model}/${prompt}.pack`,
  /** The image of a figure of scope `pattern`: all heads of a model on one prompt. */
  plate: (figure: string, model: string, prompt: string) =>
    `/generated/figures/${figure}/${model}/${prompt}.png`,
  /** The image of a figure of scope `sheet`: one head on all prompts. */
  sheet: (figure: string, head: HeadAddress) =>
    `/generated/figures/${figure}/${head.model}/${headFileName(head)}.png`,
  /** The drawing of a figure of scope `head`: one head over all prompts. */
  headFigure: (figure: string, head: HeadAddress) =>
    `/generated/figures/${figure}/${head.model}/${headFileName(head)}.svg`,
  /** What figures look at beside a pack, of the same heads and tokens; for the figures of the atlas that do. */
  valueNorms: (model: string, prompt: string) => `/generated/value-norms/${model}/${prompt}.bin`,
  tokenLoss: (model: string, prompt: string) => `/generated/token-loss/${model}/${prompt}.bin`,
  scores: (model: string, prompt: string) => `/generated/scores/${model}/${prompt}.pack`,
  logitEffects: (model: string, prompt: string) => `/generated/logit-effects/${model}/${prompt}.pack`,
  /** The mean pattern of one head over all prompts; where a figure of the atlas looks at it. */
  meanPattern: (head: HeadAddress) => `/generated/mean-patterns/${head.model}/${headFileName(head)}.pack`,
  promptText: (model: string, prompt: string) => `/generated/texts/${model}/${prompt}.json`,
  /** A file of a model that runs in the page. */
  live: (model: string, file: string) => `/generated/live/${model}/${file}`,
  index: () => '/generated/index.json',
  /** Written when the site is built, from the records. */
  headColumns: () => '/heads/columns.bin',
  /** Where the tokens of each tokenizer lie in one prompt; written when the site is built. */
  tokenPlaces: (id: string) => `/prompts/${id}/tokens.json`,
  /** Every head of every model on one prompt, in the same form; written when the site is built. */
  promptColumns: (id: string) => `/prompts/${id}/heads.bin`,
  /** Of the search, written when a built site is indexed; docs/search.md describes them. */
  searchCatalogue: () => '/search/catalogue.json',
  searchIds: () => '/search/ids.bin',
  searchColumn: (name: string) => `/search/by/${name}.bin`,
  /** Written when the site is built. */
  searchPages: () => '/search/pages.json',
  /** The picture for shared links of the page at `path`, written when the site is built. */
  picture: (path: string) => `${path}card.png`,
  sitemap: () => '/sitemap.xml',
  manifest: () => '/generated/manifest.json',
  run: () => '/generated/run.json',
} as const;

/** Of a picture for shared links, in pixels: what the sites that show them ask for. */
export const PICTURE_WIDTH = 1200;
export const PICTURE_HEIGHT = 630;

/** `path` below `base` (`/`, or `/pattern-atlas/` with or without the last slash). */
export function withBase(base: string, path: string): string {
  return `${base.replace(/\/+$/u, '')}${path}`;
}
