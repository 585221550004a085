import { hash } from 'node:crypto';
import sharp from 'sharp';
import { colourTable } from '../../src/core/colour/colour-maps.ts';
import { tryFigure } from '../../src/core/figures/check-output.ts';
import type { FigureOutput, MatrixOutput, PatternFigure } from '../../src/core/figures/figure.ts';
import { positionOn } from '../../src/core/view/value-scale.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { headName } from '../../src/schema/head-name.ts';
import type { LoadedConfig } from '../load-config.ts';
import type { OwnBundle } from '../own/bundle-file.ts';
import { describeThrown } from '../own/import-bundle.ts';
import { outputKey, type Store } from '../store/store.ts';
import type { PatternSource } from './plan.ts';
import { readStoredPatterns, stackArrays } from './read-patterns.ts';
import { beginStage, type StageContext } from './stage-context.ts';
import type { StoredSource } from './stored-sources.ts';

/** Raised when drawings come to be other bytes for the same input. */
const VERSION = 1;

/** A figure that is drawn of each head on each prompt. */
export interface DrawnFigure {
  readonly figure: PatternFigure;
  /** Changes when the figure comes to draw otherwise. */
  readonly version: string;
  readonly bundle?: OwnBundle;
}

/** The drawing of one head on one prompt, as a file. */
interface Drawing {
  /** `L3H5`, with `encoder-` before it in a stack of that name. */
  readonly head: string;
  readonly ending: 'svg' | 'webp';
  /** Text of the SVG, or bytes in base64. */
  readonly content: string;
}

/** A figure, and the bundle of the file that defines it where it is one of the user's own. */
export function drawnFigure(figure: PatternFigure, own: LoadedConfig['own']): DrawnFigure {
  const bundle = own.figures.find(({ definition }) => definition === figure)?.bundle;
  return {
    figure,
    version: bundle?.hash ?? versionOfDefinition(figure),
    ...(bundle === undefined ? {} : { bundle }),
  };
}

/** The key of the drawings of all heads of a source in the stage `figures`. */
export function drawingsKey(
  { figure, version }: Pick<DrawnFigure, 'figure' | 'version'>,
  { activationsKey }: Pick<PatternSource, 'activationsKey'>,
): string {
  return outputKey('figures', VERSION, { drawing: figure.name, version, patterns: activationsKey });
}

/** The version of a figure that no file of its own defines: it follows what its definition says, not what that calls. */
function versionOfDefinition(figure: PatternFigure): string {
  return hash('sha256', JSON.stringify(figure) + figure.draw.toString(), 'hex').slice(0, 16);
}

/**
 * Draws `figures` of every head of `sources`, at full precision, and gives each to `save` under its path
 * (`FIGURE/MODEL/PROMPT/L3H5.svg`). What the store holds is not drawn again. A figure that fails on a head is among the
 * context's failures, and the others go on; its prompt is drawn again the next time.
 *
 * @returns how many drawings were saved
 */
export async function drawOfEachHead(
  figures: readonly DrawnFigure[],
  sources: readonly StoredSource[],
  {
    store,
    context,
    force,
  }: { readonly store: Store; readonly context: StageContext; readonly force: boolean },
  save: (path: string, content: Uint8Array | string) => Promise<void>,
): Promise<number> {
  const counter = beginStage(context, 'drawings', figures.length * sources.length);
  let saved = 0;
  for (const source of sources) {
    for (const drawn of figures) {
      context.signal.throwIfAborted();
      const { name } = drawn.figure;
      const key = drawingsKey(drawn, source);
      const isStored = !force && (await store.has('figures', key));
      const { drawings, failed } = isStored
        ? {
            drawings: JSON.parse(Buffer.from(await store.read('figures', key)).toString()) as Drawing[],
            failed: [],
          }
        : await drawSource(drawn, await store.read('activations', source.activationsKey));
      const [first] = failed;
      if (isStored) counter.reused();
      else if (first === undefined) {
        await store.write('figures', key, Buffer.from(JSON.stringify(drawings)));
        counter.made();
      } else {
        const { model, prompt } = source;
        const { reason, head } = first;
        counter.failed(
          atlasError('figure-failed', { name, reason, others: failed.length - 1 }, { model, prompt, head }),
        );
      }
      for (const { head, ending, content } of drawings) {
        const path = `${name}/${source.model}/${source.prompt}/${head}.${ending}`;
        await save(path, ending === 'svg' ? content : Buffer.from(content, 'base64'));
        saved++;
      }
    }
  }
  counter.end();
  return saved;
}

async function drawSource({ figure, bundle }: DrawnFigure, content: Uint8Array) {
  const stored = readStoredPatterns(content);
  const heads = [...stored.heads()];
  const stacks = stackArrays(
    heads.map(({ pattern }) => pattern),
    stored,
  );
  const drawings: Drawing[] = [];
  const failed: { readonly head: string; readonly reason: string }[] = [];
  for (const { stack, layer, head, pattern } of heads) {
    const at = stored.pack.header.stacks.findIndex((entry) => entry.stack === stack);
    const name = `${stack === 'self' ? '' : `${stack}-`}${headName(layer, head)}`;
    const tried = tryFigure(figure, {
      pattern,
      tokens: stored.tokens,
      stack: stacks[at] ?? [],
      position: { layer: stored.pack.header.stacks[at]?.layers.indexOf(layer) ?? 0, head },
    });
    if (tried.kind === 'drawn') drawings.push({ head: name, ...(await encode(tried.output, figure)) });
    if (tried.kind === 'failed') {
      const reason =
        tried.error === undefined
          ? tried.reason
          : describeThrown(tried.error, bundle === undefined ? [] : [bundle]);
      failed.push({ head: name, reason });
    }
  }
  return { drawings, failed };
}

async function encode(output: FigureOutput, figure: PatternFigure): Promise<Omit<Drawing, 'head'>> {
  if (output.kind === 'svg') return { ending: 'svg', content: output.svg };
  const { width, height, rgba } = output.kind === 'image' ? output : paint(output, figure.usualScale);
  const webp = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .webp({ lossless: true })
    .toBuffer();
  return { ending: 'webp', content: webp.toString('base64') };
}

/** One pixel a cell, in the light theme's colours. */
function paint({ rows, columns, values, scale }: MatrixOutput, kind: PatternFigure['usualScale'] = 'sqrt') {
  const table = colourTable('light', scale.map);
  const place = positionOn({ kind, ...scale });
  const rgba = new Uint8ClampedArray(rows * columns * 4);
  for (const [at, value] of values.entries()) {
    const colour = Math.round(255 * place(value));
    rgba.set([...table.subarray(colour * 3, colour * 3 + 3), 255], at * 4);
  }
  return { width: columns, height: rows, rgba };
}
