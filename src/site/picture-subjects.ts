import type { AtlasData } from '../content-loader/atlas-data.ts';
import { addressOf } from '../content-loader/atlas-data.ts';
import { headTitle } from '../components/atlas/head-title.ts';
import { contactSheet } from '../core/figures/contact-sheet.ts';
import { raw } from '../core/figures/raw.ts';
import type { HeadRecord, ModelRecord, PromptRecord, Tile } from '../schema/records.ts';
import { assets, paths } from '../schema/urls.ts';
import { leadMetric } from './lead-metric.ts';
import { modelSummary } from './model-facts.ts';
import { showcase } from './showcase.ts';
import { signatureHead } from './signature-head.ts';

/** What the picture of a page for shared links shows. */
export interface PictureSubject {
  /** Of the page, without the atlas's name. */
  readonly title: string;
  /** A line below the title. */
  readonly line: string;
  /** A plate or contact sheet below `public/`, and the part of it that is shown; undefined where there is none. */
  readonly part: { readonly file: string; readonly tile: Tile } | undefined;
}

/** Pages that may have a picture of their own, each some hundredths of a second. */
const MOST_PICTURES = 500;

/** The pages below whose paths a picture lies: the home page, models, and heads and prompts as far as they have one. */
export function picturedPages({ heads, models, prompts }: AtlasData): {
  readonly models: readonly ModelRecord[];
  readonly heads: readonly HeadRecord[];
  readonly prompts: readonly PromptRecord[];
} {
  const room = MOST_PICTURES - models.length;
  const ofPrompts = prompts.length <= room ? prompts : [];
  return { models, prompts: ofPrompts, heads: ofPrompts.length + heads.length <= room ? heads : [] };
}

/** Of the whole atlas: its strongest head, by the metric that stands for it. */
export function atlasPicture(data: AtlasData): PictureSubject {
  const signature = signatureHead(data.atlas, data.heads);
  const part = signature && partOfHead(data, signature.head, signature.metric.name);
  const { heads, models, prompts } = data.atlas.counts;
  const line = `${heads.toLocaleString('en')} attention heads of ${models.toLocaleString('en')} models on ${prompts.toLocaleString('en')} prompts`;
  return { title: data.atlas.title, line, part };
}

/** Of a model: its plate on its first prompt. */
export function modelPicture(data: AtlasData, model: ModelRecord): PictureSubject {
  const first = model.sheet.tiles[0]?.prompt;
  const part = first === undefined ? undefined : plateOf(data.prompt(first), model.id);
  return { title: model.name, line: modelSummary(model), part };
}

/** Of a head: its pattern where its highest-ranked metric shows best. */
export function headPicture(data: AtlasData, head: HeadRecord): PictureSubject {
  const found = leadMetric(data, head);
  const lead = found?.metric;
  const summary = found?.summary;
  return {
    title: `${data.model(head.model).name} ${headTitle(head)}`,
    line: lead && summary ? `${lead.title}: rank ${summary.rank} of ${summary.of} heads` : 'Attention head',
    part: partOfHead(data, head, lead?.name),
  };
}

/** Of a prompt: the plate of its first model. */
export function promptPicture(data: AtlasData, prompt: PromptRecord): PictureSubject {
  const first = prompt.models[0]?.model;
  const part = first === undefined ? undefined : plateOf(prompt, first);
  return { title: prompt.title, line: data.setTitle(prompt.set), part };
}

function partOfHead(data: AtlasData, head: HeadRecord, metric: string | undefined): PictureSubject['part'] {
  const { tiles } = data.model(head.model).sheet;
  const shown = metric === undefined ? undefined : showcase(data.prompts, head, metric)?.prompt;
  const tile = tiles.find(({ prompt }) => prompt === shown) ?? tiles[0];
  if (tile === undefined || !data.hasPage(paths.head(addressOf(head)))) return undefined;
  return { file: assets.sheet(contactSheet.name, addressOf(head)), tile };
}

function plateOf(prompt: PromptRecord, model: string): PictureSubject['part'] {
  const plate = prompt.models.find((entry) => entry.model === model)?.plate;
  if (plate === undefined) return undefined;
  const { width, height } = plate;
  return { file: assets.plate(raw.name, model, prompt.id), tile: { x: 0, y: 0, width, height } };
}
