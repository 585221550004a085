import { hash } from 'node:crypto';
import { tryDrawing } from '../../src/core/figures/check-output.ts';
import { drawingFile, imageFile } from '../../src/core/figures/drawing-file.ts';
import type { Figure, FigureOutput, HeadFigure } from '../../src/core/figures/figure.ts';
import { labelledMatrix } from '../../src/core/figures/labelled-matrix.ts';
import { inputsOf } from '../../src/core/inputs.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { cellCount } from '../../src/schema/stacks.ts';
import { assets, headFileName } from '../../src/schema/urls.ts';
import { groupsWithin } from '../memory.ts';
import { outputKey, type Store } from '../store/store.ts';
import { drawnFigure, reasonOf, type DrawnFigure, type OwnOf } from './drawings.ts';
import { headInputs } from './head-inputs.ts';
import { headsOf, type HeadPosition, type PatternSource } from './plan.ts';
import type { StageContext, StageCounter } from './stage-context.ts';

/** Raised when the drawings come to be other bytes for the same input. */
const VERSION = 1;
/** Of one cell of a pattern, in what figures keep: a word or two and a number, at most. */
const BYTES_PER_CELL = 64;

/** The drawing of one head over all prompts of its model. */
export interface HeadImage {
  readonly kind: 'head';
  /** Names it in the stage `figures`: a drawing, or nothing where the figure is not available. */
  readonly key: string;
  /** Below the site's base. */
  readonly path: string;
  readonly figure: string;
  readonly model: string;
  readonly drawn: DrawnFigure<HeadFigure>;
  readonly position: HeadPosition;
  /** The same array for all heads of a model. */
  readonly sources: readonly PatternSource[];
}

/** Those of `figures` that are drawn of all prompts of a head. */
export function headFiguresAmong(figures: readonly Figure[], own: OwnOf): DrawnFigure<HeadFigure>[] {
  return figures.flatMap((figure) => (figure.scope === 'head' ? [drawnFigure(figure, own)] : []));
}

/** The drawings of every head of a model; `sources` are all its patterns, in the order of the prompts. */
export function headImages(
  model: string,
  sources: readonly PatternSource[],
  figures: readonly DrawnFigure<HeadFigure>[],
): HeadImage[] {
  const [first] = sources;
  if (first === undefined || figures.length === 0) return [];
  const patterns = hash('sha256', sources.map(({ activationsKey }) => activationsKey).join(), 'hex');
  return figures.flatMap((drawn) =>
    headsOf(first).map((position): HeadImage => {
      const { name } = drawn.figure;
      const { stack, layer, head } = position;
      const inputs = { drawing: name, version: drawn.version, patterns, stack, layer, head };
      return {
        kind: 'head',
        key: outputKey('figures', VERSION, inputs),
        path: assets.headFigure(name, { model, ...position }),
        figure: name,
        model,
        drawn,
        position,
        sources,
      };
    }),
  );
}

/**
 * Draws `images` into the store at full precision. The means that they look at must be in the store. A figure that fails is among the context's failures, once a model;
 * the others go on.
 *
 * @param keepsEmpty whether a figure that is not available is written down as an empty object, because the store holds all
 *   that there will be
 * @returns those that were written
 */
export async function drawHeadImages(
  images: readonly HeadImage[],
  store: Store,
  context: StageContext,
  { counter, keepsEmpty }: { readonly counter: StageCounter; readonly keepsEmpty: boolean },
): Promise<HeadImage[]> {
  const written: HeadImage[] = [];
  for (const ofFigure of Map.groupBy(images, ({ figure, model }) => `${figure} ${model}`).values()) {
    const [first] = ofFigure;
    if (first === undefined) continue;
    const { figure, bundle } = first.drawn;
    const failed: { readonly image: HeadImage; readonly reason: string }[] = [];
    for (const group of groupsWithin(ofFigure, bytesOfHead(first.sources), context.memory)) {
      for (const { image, tried } of await tryGroup(group, figure, store, context)) {
        if (tried.kind === 'failed') {
          failed.push({ image, reason: reasonOf(tried, bundle) });
          continue;
        }
        if (tried.kind === 'drawn' || keepsEmpty) {
          const content = tried.kind === 'drawn' ? await fileOf(tried.output) : '';
          await store.write('figures', image.key, Buffer.from(content));
          written.push(image);
        }
        counter.made();
      }
    }
    const [worst] = failed;
    if (worst !== undefined) {
      const { name } = figure;
      const { model, position } = worst.image;
      const place = { model, head: headFileName(position) };
      counter.failed(
        atlasError('figure-failed', { name, reason: worst.reason, others: failed.length - 1 }, place),
      );
    }
  }
  return written;
}

async function tryGroup(
  group: readonly HeadImage[],
  figure: HeadFigure,
  store: Store,
  { signal }: Pick<StageContext, 'signal'>,
) {
  const byHead = new Map(
    group.map((image) => [
      headFileName(image.position),
      { image, kept: [] as unknown[], thrown: [] as unknown[] },
    ]),
  );
  const sources = group[0]?.sources ?? [];
  for (const source of sources) {
    signal.throwIfAborted();
    const heads = await headInputs(source, figure.inputs, sources, store, (head) =>
      byHead.has(headFileName(head)),
    );
    for (const { position, known } of heads) {
      const ofHead = byHead.get(headFileName(position));
      const input = inputsOf(figure.inputs, known);
      if (ofHead === undefined || ofHead.thrown.length > 0 || input === undefined) continue;
      try {
        const kept = figure.observe(input);
        if (kept !== null) ofHead.kept.push(kept);
      } catch (error) {
        ofHead.thrown.push(error);
      }
    }
  }
  return Array.from(byHead.values(), ({ image, kept, thrown }) => ({
    image,
    tried: tryDrawing(figure.output, () => {
      if (thrown.length > 0) throw thrown[0];
      return kept.length === 0 ? undefined : figure.draw(kept);
    }),
  }));
}

/** Bytes that are kept of one head, at most: the cells of its patterns on all prompts. */
function bytesOfHead(sources: readonly PatternSource[]): number {
  const largest = sources.map(({ stacks }) => Math.max(...stacks.map(({ layout }) => cellCount(layout))));
  return BYTES_PER_CELL * largest.reduce((sum, cells) => sum + cells, 0);
}

async function fileOf(output: FigureOutput): Promise<string> {
  if (output.kind === 'svg') return drawingFile(output.svg);
  if (output.kind === 'matrix') return drawingFile(labelledMatrix(output, 'sqrt'));
  const { width, height, rgba } = output;
  const { default: sharp } = await import('sharp'); // only where it is needed: it takes a while to load
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return imageFile(width, height, png.toString('base64'));
}
