import { contactSheet } from '../../src/core/figures/contact-sheet.ts';
import type { HeadFigure, SheetFigure } from '../../src/core/figures/figure.ts';
import { raw } from '../../src/core/figures/raw.ts';
import { layMosaic, type Mosaic } from '../../src/core/mosaic.ts';
import { thumbnailSize } from '../../src/core/thumbnail.ts';
import { assets } from '../../src/schema/urls.ts';
import { outputKey, type KeyPart } from '../store/store.ts';
import type { DrawnFigure } from './drawings.ts';
import { headImages, type HeadImage } from './head-drawings.ts';
import type { FigureInputs } from './pattern-inputs.ts';
import { headsOf, type PatternSource } from './plan.ts';

/** Raised when drawing comes to give other bytes for the same input. */
const FIGURES_VERSION = 3;

/** An image of a figure of scope `pattern`: all heads of a model on one prompt. */
export interface Plate {
  readonly kind: 'plate';
  /** Names it in the stage `figures`. */
  readonly key: string;
  /** Below the site's base. */
  readonly path: string;
  readonly figure: string;
  readonly source: PatternSource;
  readonly thumbnailsKey: string;
}

/** An image of a figure of scope `sheet`: one head on all prompts of its model. */
export interface Sheet {
  readonly kind: 'sheet';
  /** Names it in the stage `figures`. */
  readonly key: string;
  readonly path: string;
  readonly figure: string;
  readonly drawn: SheetFigure;
  /** Of the figure `raw`, one a prompt; the same array for all heads of a model. */
  readonly thumbnailsKeys: readonly string[];
  /** The head's position among those of a pack. */
  readonly headIndex: number;
}

export type FigureImage = Plate | Sheet | HeadImage;

/** One model and its patterns, in the order of the prompts. */
export interface ModelSources {
  /** The sanitised name. */
  readonly model: string;
  readonly entries: readonly {
    readonly source: PatternSource;
    readonly prompt: string;
    readonly thumbnailsKey: string;
  }[];
}

/**
 * The images of a model: a plate for each prompt, and a contact sheet for each head, with a drawing of each of `ofHeads`.
 *
 * @param inputs others than those of this run, to look up what an earlier one drew
 */
export function figureImages(
  { model, entries }: ModelSources,
  ofHeads: readonly DrawnFigure<HeadFigure>[] = [],
  inputs: FigureInputs = figureInputs(),
): FigureImage[] {
  const plates = entries.map(({ source, prompt, thumbnailsKey }): Plate => ({
    kind: 'plate',
    key: imageKey(raw.name, { thumbnails: thumbnailsKey }, inputs),
    path: assets.plate(raw.name, model, prompt),
    figure: raw.name,
    source,
    thumbnailsKey,
  }));
  const thumbnailsKeys = entries.map(({ thumbnailsKey }) => thumbnailsKey);
  const heads = entries[0] === undefined ? [] : headsOf(entries[0].source);
  const sheets = heads.map((head, headIndex): Sheet => ({
    kind: 'sheet',
    key: imageKey(contactSheet.name, { thumbnails: thumbnailsKeys, head: headIndex }, inputs),
    path: assets.sheet(contactSheet.name, { model, ...head }),
    figure: contactSheet.name,
    drawn: contactSheet,
    thumbnailsKeys,
    headIndex,
  }));
  const drawings = headImages(
    model,
    entries.map(({ source }) => source),
    ofHeads,
  );
  return [...plates, ...sheets, ...drawings];
}

/** What images depend on beside what they show. */
export function figureInputs(): FigureInputs {
  return { stage: 'figures', version: FIGURES_VERSION, inputs: { encoder: process.versions.zlib } };
}

function imageKey(
  figure: string,
  shown: Readonly<Record<string, KeyPart>>,
  { version, inputs }: FigureInputs,
): string {
  return outputKey('figures', version, { figure, ...inputs, ...shown });
}

/** How the heads of a source lie in its plate: layers down, heads across. */
export function layPlate(source: PatternSource): Mosaic {
  const sizes = source.stacks.flatMap(({ layout, heads, layers }) =>
    Array.from({ length: heads * layers.length }, () => thumbnailSize(layout)),
  );
  return layMosaic(sizes, Math.max(...source.stacks.map(({ heads }) => heads)));
}
