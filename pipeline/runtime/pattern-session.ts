import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { buildGraph, GRAPH_NAMES, type BuiltGraph } from '../../src/engine/build-graph.ts';
import { checkIds } from '../../src/engine/check-ids.ts';
import type { Stack } from '../../src/schema/stacks.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { NumberArray } from '../../src/core/npz/decode-npy.ts';
import { SIGNAL_NAMES } from '../../src/engine/signal.ts';
import type { Checkpoint } from '../checkpoint/open-checkpoint.ts';
import { checkReadsSignal, checkReadsText, checkSignal } from './check-input.ts';
import { inWorkingFolder } from './working-folder.ts';

export interface SessionOptions {
  /** Whether `run` gives logits too. */
  readonly logits?: boolean;
  /** Threads within an operator; one a core if left out. */
  readonly threads?: number;
  /** An execution provider of onnxruntime-node; `cpu` if left out. */
  readonly device?: string;
}

/** By layer: float32 `[heads, queries, keys]`. */
type LayerPatterns = ReadonlyMap<number, Float32Array>;

/** What a model computes on one prompt of n tokens. */
export interface PatternRun {
  /** Of the model's first stack, `[heads, n, n]` a layer. */
  readonly patterns: LayerPatterns;
  readonly stacks: ReadonlyMap<Stack, LayerPatterns>;
  /** Float32 `[n, vocabulary]`; of an encoder-decoder, the decoder's. */
  readonly logits?: Float32Array;
}

/** What an encoder-decoder reads beside the prompt. */
interface DecoderInput {
  /** Without them, it gives the encoder's patterns only. */
  readonly decoderIds?: readonly number[];
}

/** A model that is ready to run. */
export interface PatternSession {
  /**
   * One prompt at a time, at its own length: its values then depend on nothing but the model and its ids.
   *
   * @throws AtlasError `prompt-empty`, `prompt-too-long`, `token-id-out-of-range`, `inference-failed`, and
   *   `model-input-wrong` for a model that reads pixels or samples
   */
  run(ids: readonly number[], input?: DecoderInput): Promise<PatternRun>;
  /**
   * One picture or sound, for a model that reads these.
   *
   * @param input pixels `[1, channels, height, width]` or samples `[1, samples]`
   * @throws AtlasError `model-input-wrong`, `inference-failed`
   */
  runSignal(input: NumberArray): Promise<PatternRun>;
  close(): Promise<void>;
}

/**
 * Builds the graph of a checkpoint and loads it; the weights stay in their files.
 *
 * @throws AtlasError `device-unavailable`, `inference-failed`, and those of tensors that do not fit the config
 */
export async function openPatternSession(
  checkpoint: Checkpoint,
  options: SessionOptions = {},
): Promise<PatternSession> {
  checkDevice(options.device);
  const { model, tensors, description } = checkpoint;
  const whole = buildGraph(model, tensors, { logits: options.logits ?? false });
  const hasDecoder = description.stacks.some(({ stack }) => stack === 'decoder');
  const graphs = {
    whole: () => whole,
    encoder: () => buildGraph(model, tensors, { logits: false, only: ['encoder'] }),
  };
  const opened = new Map<keyof typeof graphs, Promise<LoadedGraph>>();
  const open = (part: keyof typeof graphs): Promise<LoadedGraph> => {
    const known = opened.get(part) ?? load(checkpoint, graphs[part](), options);
    opened.set(part, known);
    return known;
  };
  if (!hasDecoder) await open('whole');
  return {
    async run(ids, { decoderIds } = {}) {
      checkReadsText(description);
      checkIds(ids, description);
      if (decoderIds !== undefined) checkIds(decoderIds, description);
      const loaded = await open(hasDecoder && decoderIds === undefined ? 'encoder' : 'whole');
      return loaded.run({
        [GRAPH_NAMES.ids]: toTensor(ids),
        ...(decoderIds === undefined || !hasDecoder
          ? {}
          : { [GRAPH_NAMES.decoderIds]: toTensor(decoderIds) }),
      });
    },
    async runSignal(input) {
      const signal = checkReadsSignal(description);
      checkSignal(signal, input);
      const loaded = await open('whole');
      return loaded.run({ [SIGNAL_NAMES[signal.kind]]: new Tensor('float32', input.values, input.shape) });
    },
    async close() {
      for (const loaded of await Promise.allSettled(opened.values())) {
        if (loaded.status === 'fulfilled') await loaded.value.close();
      }
    },
  };
}

interface LoadedGraph {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<PatternRun>;
  close(): Promise<void>;
}

async function load(
  { folder, weightsFolder }: Checkpoint,
  graph: BuiltGraph,
  { device = 'cpu', threads }: SessionOptions,
): Promise<LoadedGraph> {
  const session = await inWorkingFolder(weightsFolder, () =>
    InferenceSession.create(graph.bytes, {
      executionProviders: [device],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    }),
  ).catch((error: unknown) => {
    // A device that onnxruntime-node knows may still lack its driver or libraries here.
    if (device !== 'cpu') throw atlasError('device-unavailable', { device, known: ['cpu'] }, {}, error);
    throw failed(error, folder);
  });
  return {
    async run(feeds) {
      const results = await session.run(feeds).catch((error: unknown) => {
        throw failed(error, folder);
      });
      return collect(graph, (name) => results[name]?.data as Float32Array);
    },
    close: () => session.release(),
  };
}

function collect(graph: BuiltGraph, floats: (name: string) => Float32Array): PatternRun {
  const stacks = new Map(
    [...graph.stacks].map(([stack, layers]) => [
      stack,
      new Map(layers.map((layer) => [layer, floats(GRAPH_NAMES.pattern(stack, layer))])),
    ]),
  );
  return {
    patterns: [...stacks.values()][0] ?? new Map<number, Float32Array>(),
    stacks,
    ...(graph.hasLogits ? { logits: floats(GRAPH_NAMES.logits) } : {}),
  };
}

function toTensor(ids: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
}

function checkDevice(device = 'cpu'): void {
  const known = listSupportedBackends().map(({ name }) => name);
  if (!known.includes(device)) throw atlasError('device-unavailable', { device, known });
}

function failed(error: unknown, folder: string): Error {
  return atlasError('inference-failed', { reason: (error as Error).message }, { file: folder }, error);
}
