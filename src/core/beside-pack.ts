import * as z from 'zod/mini';
import { invalidPack } from '../schema/errors/site-files.ts';
import { layoutSize, type Layout, type Stack } from '../schema/stacks.ts';
import { assets, type HeadAddress } from '../schema/urls.ts';
import type { HeadMatrix, KnownInputs, PatternInput } from './inputs.ts';
import { isSameLayout, matrixLayout, type MatrixInput } from './matrix-inputs.ts';
import { decodeMean } from './mean-file.ts';
import { decodePattern, openPack } from './pack/decode-pack.ts';

/*
 * What figures look at beside a pack: files of their own (docs/formats.md), each fetched when such a figure is chosen. An
 * empty one says that the model has nothing of the kind.
 */

// The small zod: pages ship this file. It probes `new Function` unless told not to, which the pages' policy reports.
z.config({ jitless: true });

/** A head on a prompt of the atlas. */
export interface BesideAddress extends HeadAddress {
  readonly prompt: string;
}

/** What files hold, by a name of the kind. */
type Beside<T> = Readonly<Partial<Record<'norms' | 'loss' | 'text' | 'mean' | 'scores' | 'effects', T>>>;

/** The stacks of a pack. */
export type Stacks = readonly {
  readonly stack: Stack;
  readonly layout: Layout;
  readonly heads: number;
  readonly layers: readonly number[];
}[];

const ofText = z.strictObject({
  ids: z.optional(z.array(z.int().check(z.minimum(0)))),
  places: z.optional(z.strictObject({ text: z.string(), offsets: z.array(z.tuple([z.int(), z.int()])) })),
});

/** The paths, below the site's base, of the files that figures with these inputs need beside the pack. */
export function besideFiles(inputs: readonly PatternInput[], address: BesideAddress): Beside<string> {
  const { model, prompt } = address;
  const has = (name: PatternInput) => inputs.includes(name);
  return {
    ...(has('valueNorms') && { norms: assets.valueNorms(model, prompt) }),
    ...(has('tokenLoss') && { loss: assets.tokenLoss(model, prompt) }),
    ...((has('ids') || has('places')) && { text: assets.promptText(model, prompt) }),
    ...(has('scores') && { scores: assets.scores(model, prompt) }),
    ...(has('logitEffects') && { effects: assets.logitEffects(model, prompt) }),
    ...(has('mean') && { mean: assets.meanPattern(address) }),
  };
}

/**
 * The inputs that files hold.
 *
 * @param stacks of the pack
 * @throws AtlasError `pack-invalid` where a file does not fit the pack
 */
export function decodeBeside(
  { norms, loss, text, mean, scores, effects }: Beside<Uint8Array>,
  stacks: Stacks,
  address: HeadAddress,
): KnownInputs {
  return {
    ...(isThere(norms) && { valueNorms: decodeNorms(norms, stacks, address) }),
    ...(isThere(loss) && { tokenLoss: decodeLoss(loss) }),
    ...(isThere(text) && decodeText(text)),
    ...(isThere(scores) && { scores: matrixOf(scores, 'scores', stacks, address) }),
    ...(isThere(effects) && { logitEffects: matrixOf(effects, 'logitEffects', stacks, address) }),
    ...(isThere(mean) && meanOf(mean, stacks, address)),
  };
}

/** What a pack of one number a cell holds of a head. */
function matrixOf(file: Uint8Array, name: MatrixInput, stacks: Stacks, address: HeadAddress): HeadMatrix {
  const layout = stacks.find(({ stack }) => stack === address.stack)?.layout;
  const matrix = decodePattern(file, openPack(file), address);
  if (layout && matrix && isSameLayout(matrix.layout, matrixLayout(name, layout))) return matrix;
  throw invalidPack('The numbers beside it are not of such a head.');
}

/** Of another structure than the pattern (imported prompts may differ in it), a mean says nothing about it. */
function meanOf(file: Uint8Array, stacks: Stacks, address: HeadAddress): KnownInputs {
  const layout = stacks.find(({ stack }) => stack === address.stack)?.layout;
  const mean = decodeMean(file, address);
  return mean.layout.kind === layout?.kind ? { mean } : {};
}

function isThere(file: Uint8Array | undefined): file is Uint8Array {
  return file !== undefined && file.length > 0;
}

/** A prompt's ids, and its text with the places of its tokens, as far as they are known. */
export type TextInputs = Pick<KnownInputs, 'ids' | 'places'>;

/** @throws AtlasError `pack-invalid` */
export function decodeText(bytes: Uint8Array): TextInputs {
  const parsed = ofText.safeParse(parseJson(bytes));
  if (!parsed.success) throw invalidPack('The text beside it is not one.');
  const { ids, places } = parsed.data;
  return { ...(ids && { ids }), ...(places && { places }) };
}

/** `[rows]` from the losses of all tokens but the first: see `PatternInputs`. */
export function decodeLoss(bytes: Uint8Array): Float32Array {
  return Float32Array.of(Number.NaN, ...decodeFloats(bytes));
}

/**
 * The value norms of one head, `[keys]`, from those of all heads in the order of the pack.
 *
 * @throws AtlasError `pack-invalid` where they are not as many as the pack's heads have keys
 */
export function decodeNorms(
  bytes: Uint8Array,
  stacks: Stacks,
  at: { readonly stack: Stack; readonly layer: number; readonly head: number },
): Float32Array {
  let found: Uint8Array = bytes.subarray(0, 0);
  let start = 0;
  for (const { stack, layout, heads, layers } of stacks) {
    const length = 4 * layoutSize(layout).columns;
    if (stack === at.stack) {
      const from = start + (layers.indexOf(at.layer) * heads + at.head) * length;
      found = bytes.subarray(from, from + length);
    }
    start += length * heads * layers.length;
  }
  if (bytes.length !== start) {
    throw invalidPack(`The value norms beside it have ${bytes.length} bytes, where its heads have ${start}.`);
  }
  return decodeFloats(found);
}

/** Little-endian float32. */
function decodeFloats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
