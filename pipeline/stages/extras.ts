import { decodeLoss, decodeNorms, decodeText, type TextInputs } from '../../src/core/beside-pack.ts';
import type { Figure } from '../../src/core/figures/figure.ts';
import type { HeadMatrix, KnownInputs, PatternInput } from '../../src/core/inputs.ts';
import { MATRIX_INPUTS, type MatrixInput } from '../../src/core/matrix-inputs.ts';
import type { Metric } from '../../src/core/metrics/metric.ts';
import type { PatternRun } from '../../src/engine/pattern-run.ts';
import { outputKey, soundPath, type Store } from '../store/store.ts';
import { promptsOf } from './measures.ts';
import { headsOf, type Job, type PatternSource } from './plan.ts';
import { readStoredPatterns } from './read-patterns.ts';
import { storeEffects } from './store-effects.ts';
import { isProbeId } from './probe-prompts.ts';

/** Raised when the stage `extras` comes to give other bytes for the same input. */
export const EXTRAS_VERSION = 1;

/** What is kept beside the patterns, and the inputs of metrics and figures that it holds. */
export const INPUTS_OF_EXTRAS = {
  tokenLoss: ['tokenLoss'],
  valueNorms: ['valueNorms'],
  scores: ['scores'],
  logitEffects: ['logitEffects'],
  text: ['ids', 'places'],
} as const satisfies Readonly<Record<string, readonly PatternInput[]>>;

/** Something that is kept beside the patterns where it is asked for: an object of the store for each prompt. */
export type Extra = keyof typeof INPUTS_OF_EXTRAS;
export const EXTRAS = Object.keys(INPUTS_OF_EXTRAS) as readonly Extra[];

/** What the engine calls those that it computes; a text is known without it. */
const ENGINE_NAMES = {
  tokenLoss: 'loss',
  valueNorms: 'value-norms',
  scores: 'scores',
  logitEffects: 'logit-effects',
} as const;

/** What looks at inputs: a metric, or a figure. */
export type Asker = Metric | Figure;

/** Those of `extras` that the engine computes, by its names. */
export function engineNames(extras: readonly Extra[]): (typeof ENGINE_NAMES)[keyof typeof ENGINE_NAMES][] {
  return extras.flatMap((extra) => (extra === 'text' ? [] : [ENGINE_NAMES[extra]]));
}

/** Whether `asker` looks at what `extra` holds. */
export function asksFor(asker: Asker, extra: Extra): boolean {
  const wanted: readonly string[] = INPUTS_OF_EXTRAS[extra];
  // Metrics are handed ids and places as they are measured; only figures look at them later.
  if (extra === 'text' && 'compute' in asker) return false;
  return 'inputs' in asker && asker.inputs.some((input) => wanted.includes(input));
}

/** The extras that `askers` look at on a job's prompt; imported patterns have no model to ask, only a text. */
export function extrasOf(job: Job, askers: readonly Asker[]): Extra[] {
  const prompts = isProbeId(job.prompt.id) ? 'repeated-tokens' : 'atlas';
  const looking = askers.filter((asker) => ('compute' in asker ? promptsOf(asker) : 'atlas') === prompts);
  return EXTRAS.filter(
    (extra) => !('npz' in job && extra !== 'text') && looking.some((asker) => asksFor(asker, extra)),
  );
}

/**
 * The key of an extra of a job's prompt in the stage `extras`.
 *
 * @param version an earlier one, to look up what an earlier version of the stage made
 */
export function extraKey(
  { activationsKey }: Pick<PatternSource, 'activationsKey'>,
  extra: Extra,
  version: number = EXTRAS_VERSION,
): string {
  return outputKey('extras', version, { patterns: activationsKey, extra });
}

/** The keys of everything that `askers` look at on a job's prompt in the stage `extras`. */
export function extraKeys(job: Job, askers: readonly Asker[]): string[] {
  return extrasOf(job, askers).map((extra) => extraKey(job, extra));
}

/**
 * Puts an extra of a run into the store, as little-endian float32: of `tokenLoss` the loss of each token but the first;
 * of `valueNorms` `[keys]` a head, in the order of the pack. An object without content says that the model has none.
 * Scores are stored as they come, in `storePatterns`.
 */
export async function storeExtra(
  job: Job,
  extra: Exclude<Extra, 'text' | 'scores'>,
  run: PatternRun,
  store: Store,
): Promise<void> {
  if (extra === 'logitEffects') {
    await storeEffects(job, extraKey(job, extra), run, store);
    return;
  }
  const values = extra === 'tokenLoss' ? [run.extras.loss ?? new Float32Array()] : normsOf(job, run);
  await store.write('extras', extraKey(job, extra), Buffer.concat(values.map(bytesOf)));
}

/** Puts a job's ids, text and places of tokens into the store, as JSON: as far as they are known. */
export async function storeText({ prompt, tokenized, ...source }: Job, store: Store): Promise<void> {
  const { ids, offsets, isNumbered = false } = tokenized;
  const known: TextInputs = {
    ...(!isNumbered && { ids }),
    ...(offsets && { places: { text: prompt.text, offsets } }),
  };
  await store.write('extras', extraKey(source, 'text'), Buffer.from(JSON.stringify(known)));
}

/** Of each layer of the pack, `[heads, keys]`; nothing where a layer has none. */
function normsOf({ stacks }: PatternSource, { extras }: PatternRun): Float32Array[] {
  if (extras.unavailable.has('value-norms')) return [];
  const ofStacks = extras.heads.get('value-norms');
  return stacks.flatMap(({ stack, layers }) =>
    layers.map((layer) => {
      const norms = ofStacks?.get(stack)?.get(layer);
      if (norms === undefined) throw new RangeError(`The run gave no value norms of layer ${layer}`);
      return norms;
    }),
  );
}

/** What extras tell of a prompt, and of its heads in the order of the pack. */
export interface ExtraInputs {
  readonly ofPrompt: Pick<KnownInputs, 'ids' | 'places' | 'tokenLoss'>;
  readonly valueNorms?: readonly Float32Array[];
  /** Decoded when they are looked at. */
  readonly matrices: Readonly<Partial<Record<MatrixInput, readonly HeadMatrix[]>>>;
}

/** Of those that hold a few numbers a head or prompt. */
export function isNoMatrix(extra: Extra): boolean {
  return !MATRIX_INPUTS.some((name) => name === extra);
}

/** Where `extras` lie that hold a matrix of each head, of those that the model of a source has: sound files of packs. */
export async function storedMatrices(
  source: PatternSource,
  extras: readonly Extra[],
  store: Store,
): Promise<Partial<Record<MatrixInput, string>>> {
  const found: Partial<Record<MatrixInput, string>> = {};
  for (const name of MATRIX_INPUTS.filter((each) => extras.includes(each))) {
    const key = extraKey(source, name);
    const path = await soundPath(store, 'extras', key);
    if ((await store.seal('extras', key)).bytes > 0) found[name] = path;
  }
  return found;
}

/**
 * Those of `extras` that the model of a source has.
 *
 * @throws AtlasError `store-damaged` where one was not computed
 */
export async function storedExtras(
  source: PatternSource,
  extras: readonly Extra[],
  store: Store,
): Promise<ExtraInputs> {
  const read = async (extra: Extra) =>
    extras.includes(extra) ? store.read('extras', extraKey(source, extra)) : new Uint8Array();
  const [text, loss, norms] = await Promise.all([read('text'), read('tokenLoss'), read('valueNorms')]);
  const matrices: Partial<Record<MatrixInput, readonly HeadMatrix[]>> = {};
  for (const name of MATRIX_INPUTS) {
    const content = await read(name);
    if (content.length === 0) continue;
    matrices[name] = Array.from(readStoredPatterns(content).heads(), ({ pattern }) => pattern);
  }
  return {
    ofPrompt: {
      ...(text.length > 0 && decodeText(text)),
      ...(loss.length > 0 && { tokenLoss: decodeLoss(loss) }),
    },
    ...(norms.length > 0 && {
      valueNorms: headsOf(source).map((head) => decodeNorms(norms, source.stacks, head)),
    }),
    matrices,
  };
}

function bytesOf(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (const [at, value] of values.entries()) view.setFloat32(4 * at, value, true);
  return new Uint8Array(view.buffer);
}
