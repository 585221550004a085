import { hash } from 'node:crypto';
import { colourTable } from '../../src/core/colour/colour-maps.ts';
import { tryFigure, type Drawn } from '../../src/core/figures/check-output.ts';
import type { FigureOutput, HeadFigure, MatrixOutput, PatternFigure } from '../../src/core/figures/figure.ts';
import { positionOn } from '../../src/core/view/value-scale.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import { headFileName } from '../../src/schema/urls.ts';
import type { LoadedConfig } from '../load-config.ts';
import type { OwnBundle } from '../own/bundle-file.ts';
import { describeThrown } from '../own/import-bundle.ts';
import { outputKey, type Store } from '../store/store.ts';
import { headInputs, type KnownHead } from './head-inputs.ts';
import { asksForMean, meanPatterns } from './mean-patterns.ts';
import type { PatternSource } from './plan.ts';
import { beginStage, type StageContext } from './stage-context.ts';
import type { StoredSource } from './stored-sources.ts';

/** Raised when drawings come to be other bytes for the same input. */
const VERSION = 1;

/** A figure of patterns or of heads, and what its drawings go by. */
export interface DrawnFigure<T extends PatternFigure | HeadFigure = PatternFigure> {
  readonly figure: T;
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

/** What the files of a config define. */
export type OwnOf = LoadedConfig['own'];

/** A figure, and the bundle of the file that defines it where it is one of the user's own. */
export function drawnFigure<T extends PatternFigure | HeadFigure>(figure: T, own: OwnOf): DrawnFigure<T> {
  const bundle = own.figures.find(({ definition }) => definition === figure)?.bundle;
  return {
    figure,
    version: bundle?.hash ?? versionOfDefinition(figure),
    ...(bundle === undefined ? {} : { bundle }),
  };
}

/**
 * The key of the drawings of all heads of a source in the stage `figures`.
 *
 * @param together the sources of its model that a mean is over
 */
export function drawingsKey(
  { figure, version }: Pick<DrawnFigure, 'figure' | 'version'>,
  { activationsKey }: Pick<PatternSource, 'activationsKey'>,
  together: readonly PatternSource[],
): string {
  const means = asksForMean([figure]) ? { means: meanPatterns(together).map(({ key }) => key) } : {};
  return outputKey('figures', VERSION, { drawing: figure.name, version, patterns: activationsKey, ...means });
}

/** The version of a figure that no file of its own defines: it follows what its definition says, not what that calls. */
function versionOfDefinition(figure: PatternFigure | HeadFigure): string {
  const observe = figure.scope === 'head' ? figure.observe.toString() : '';
  return hash('sha256', JSON.stringify(figure) + observe + figure.draw.toString(), 'hex').slice(0, 16);
}

/**
 * Draws `figures` of every head of `sources`, at full precision, and gives each to `save` under its path
 * (`FIGURE/MODEL/PROMPT/L3H5.svg`). What the store holds is not drawn again. A figure that fails on a head is among the
 * context's failures, and the others go on; its prompt is drawn again the next time. So is one that is not available, for
 * what it lacks may be in the store by then. The means that figures look at must be in the store.
 *
 * @param together by model all its patterns: what a mean is over, however few are drawn
 * @returns how many drawings were saved
 */
export async function drawOfEachHead(
  figures: readonly DrawnFigure[],
  sources: readonly StoredSource[],
  together: ReadonlyMap<string, readonly StoredSource[]>,
  {
    store,
    context,
    force,
  }: { readonly store: Store; readonly context: StageContext; readonly force: boolean },
  save: (path: string, content: Uint8Array | string) => Promise<void>,
): Promise<number> {
  const counter = beginStage(context, 'drawings', figures.length * sources.length);
  const lacking = new Map<PatternFigure, number>();
  let saved = 0;
  for (const source of sources) {
    for (const drawn of figures) {
      context.signal.throwIfAborted();
      const { name } = drawn.figure;
      const others = together.get(source.model) ?? [source];
      const key = drawingsKey(drawn, source, others);
      const isStored = !force && (await store.has('figures', key));
      const { drawings, failed, unavailable } = isStored
        ? {
            drawings: JSON.parse(Buffer.from(await store.read('figures', key)).toString()) as Drawing[],
            failed: [],
            unavailable: 0,
          }
        : await drawSource(drawn, await headInputs(source, drawn.figure.inputs, others, store));
      if (unavailable > 0) lacking.set(drawn.figure, (lacking.get(drawn.figure) ?? 0) + 1);
      const [first] = failed;
      if (isStored) counter.reused();
      else if (first === undefined) {
        if (unavailable === 0) await store.write('figures', key, Buffer.from(JSON.stringify(drawings)));
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
  for (const [{ name, inputs }, prompts] of lacking) {
    context.reporter.note(
      `${name} is not available on ${prompts} of ${sources.length} prompts: it needs ${inputs.join(', ')}, and the store does not hold all of that`,
    );
  }
  return saved;
}

async function drawSource({ figure, bundle }: DrawnFigure, heads: readonly KnownHead[]) {
  const drawings: Drawing[] = [];
  const failed: { readonly head: string; readonly reason: string }[] = [];
  let unavailable = 0;
  for (const { position, known } of heads) {
    const head = headFileName(position);
    const tried = tryFigure(figure, known);
    if (tried.kind === 'drawn') drawings.push({ head, ...(await encode(tried.output, figure)) });
    else if (tried.kind === 'failed') failed.push({ head, reason: reasonOf(tried, bundle) });
    else unavailable++;
  }
  return { drawings, failed, unavailable };
}

/** Why a figure failed, with the place in the user's file where that is known. */
export function reasonOf({ reason, error }: Extract<Drawn, { kind: 'failed' }>, bundle?: OwnBundle): string {
  return error === undefined ? reason : describeThrown(error, bundle === undefined ? [] : [bundle]);
}

async function encode(output: FigureOutput, figure: PatternFigure): Promise<Omit<Drawing, 'head'>> {
  if (output.kind === 'svg') return { ending: 'svg', content: output.svg };
  const { width, height, rgba } = output.kind === 'image' ? output : paint(output, figure.usualScale);
  const { default: sharp } = await import('sharp'); // only where it is needed: it takes a while to load
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
