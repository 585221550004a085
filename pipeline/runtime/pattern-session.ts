import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { buildParts, type BuiltParts } from '../../src/engine/build-graph.ts';
import { checkIds } from '../../src/engine/check-ids.ts';
import { editFeeds, type ExtraName, type HeadEdit } from '../../src/engine/extras.ts';
import type { EncodedPart } from '../../src/engine/graph/graph-builder.ts';
import { GRAPH_NAMES } from '../../src/engine/graph-names.ts';
import type { HeadRequest } from '../../src/engine/head-outputs.ts';
import type { PatternRun } from '../../src/engine/pattern-run.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { NumberArray } from '../../src/core/npz/decode-npy.ts';
import { SIGNAL_NAMES } from '../../src/engine/signal.ts';
import type { Checkpoint } from '../checkpoint/open-checkpoint.ts';
import { checkReadsSignal, checkReadsText, checkSignal } from './check-input.ts';
import { runParts, type Takers, type Tensors } from './run-parts.ts';
import { weightOptions } from './weight-options.ts';
import { inWorkingFolder } from './working-folder.ts';

export interface SessionOptions {
  /** Whether `run` gives logits too. */
  readonly logits?: boolean;
  /** What else `run` gives, from the same computation; extras.ts says what each is. Nothing if left out. */
  readonly extras?: readonly ExtraName[];
  /** How many of the likeliest next tokens `top-tokens` gives; 10 if left out. */
  readonly topTokens?: number;
  /** Whether `run` takes edits of heads. */
  readonly headEdits?: boolean;
  /** Threads within an operator; one a core if left out. */
  readonly threads?: number;
  /** An execution provider of onnxruntime-node; `cpu` if left out. */
  readonly device?: string;
  /**
   * Runs the model in parts that give the patterns of so many layers each, and keeps no memory between them: the same
   * values from little more memory than these patterns take. All at once if left out.
   */
  readonly layersAtOnce?: number;
}

/** Layers are given away in the order in which they are computed. */
interface RunOptions extends Takers {
  /** What an encoder-decoder reads beside the prompt; without them, it gives the encoder's patterns only. */
  readonly decoderIds?: readonly number[];
  /** With the option `headEdits`: changes to what heads write. */
  readonly edits?: readonly HeadEdit[];
}

/** A model that is ready to run. */
export interface PatternSession {
  /**
   * One prompt at a time, at its own length: its values then depend on nothing but the model and its ids.
   *
   * @throws AtlasError `prompt-empty`, `prompt-too-long`, `token-id-out-of-range`, `inference-failed`, and
   *   `model-input-wrong` for a model that reads pixels or samples
   */
  run(ids: readonly number[], options?: RunOptions): Promise<PatternRun>;
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
  const request = { ...options, logits: options.logits ?? false };
  const build = (changes: Partial<typeof request> & HeadRequest = {}) =>
    buildParts(model, tensors, { ...request, ...changes }, options.layersAtOnce);
  const whole = build();
  const hasDecoder = description.stacks.some(({ stack }) => stack === 'decoder');
  const graphs = {
    whole: () => whole,
    encoder: () => build({ only: ['encoder'], logits: false }),
  };
  const opened = new Map<keyof typeof graphs, Promise<LoadedGraph>>();
  const open = (part: keyof typeof graphs): Promise<LoadedGraph> => {
    const known = opened.get(part) ?? load(checkpoint, graphs[part](), options);
    opened.set(part, known);
    return known;
  };
  if (!hasDecoder) await open('whole');
  return {
    async run(ids, { decoderIds, edits, ...takers } = {}) {
      checkReadsText(description);
      checkIds(ids, description);
      if (decoderIds !== undefined) checkIds(decoderIds, description);
      const loaded = await open(hasDecoder && decoderIds === undefined ? 'encoder' : 'whole');
      const feeds = {
        [GRAPH_NAMES.ids]: toTensor(ids),
        ...(decoderIds === undefined || !hasDecoder
          ? {}
          : { [GRAPH_NAMES.decoderIds]: toTensor(decoderIds) }),
        ...loaded.editTensors(edits),
      };
      return loaded.run(feeds, takers);
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
  editTensors(edits: readonly HeadEdit[] | undefined): Tensors;
  run(feeds: Tensors, takers?: Takers): Promise<PatternRun>;
  close(): Promise<void>;
}

async function load(
  checkpoint: Checkpoint,
  graph: BuiltParts,
  options: SessionOptions,
): Promise<LoadedGraph> {
  const sessions: InferenceSession[] = [];
  const close = async () => {
    for (const session of sessions) await session.release();
  };
  try {
    for (const part of graph.parts) sessions.push(await openPart(checkpoint, part, options));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    editTensors(edits) {
      const feeds = editFeeds(graph.editPoints, edits);
      return Object.fromEntries(
        feeds.map(({ name, shape, values }) => [name, new Tensor('float32', values, shape)]),
      );
    },
    run: (feeds, takers = {}) =>
      runParts(graph, feeds, takers, async (part, fed) => {
        const results = await sessions[part]?.run(fed).catch((error: unknown) => {
          throw failed(error, checkpoint.folder);
        });
        return results ?? {};
      }),
    close,
  };
}

async function openPart(
  checkpoint: Checkpoint,
  { bytes }: EncodedPart,
  { device = 'cpu', threads, layersAtOnce }: SessionOptions,
): Promise<InferenceSession> {
  return inWorkingFolder(checkpoint.weightsFolder, () =>
    InferenceSession.create(bytes, {
      executionProviders: [device],
      ...weightOptions(checkpoint),
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(layersAtOnce === undefined ? {} : { enableCpuMemArena: false, enableMemPattern: false }),
    }),
  ).catch((error: unknown) => {
    // A device that onnxruntime-node knows may still lack its driver or libraries here.
    if (device !== 'cpu') throw atlasError('device-unavailable', { device, known: ['cpu'] }, {}, error);
    throw failed(error, checkpoint.folder);
  });
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
