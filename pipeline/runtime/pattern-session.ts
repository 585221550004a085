import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { buildGraph, GRAPH_NAMES } from '../../src/engine/build-graph.ts';
import type { Stack } from '../../src/schema/stacks.ts';
import { atlasError } from '../../src/schema/errors/index.ts';
import type { Checkpoint } from '../checkpoint/open-checkpoint.ts';
import { inWorkingFolder } from './working-folder.ts';

export interface SessionOptions {
  /** Whether `run` gives logits too. */
  readonly logits?: boolean;
  /** Threads within an operator; one a core if left out. */
  readonly threads?: number;
  /** An execution provider of onnxruntime-node; `cpu` if left out. */
  readonly device?: string;
}

type LayerPatterns = ReadonlyMap<number, Float32Array>;

/** What a model computes on one prompt of n tokens. */
export interface PatternRun {
  /** Of the model's first stack, by layer: float32 `[heads, n, n]`. */
  readonly patterns: LayerPatterns;
  readonly stacks: ReadonlyMap<Stack, LayerPatterns>;
  /** Float32 `[n, vocabulary]`. */
  readonly logits?: Float32Array;
}

/** A model that is ready to run. */
export interface PatternSession {
  /**
   * One prompt at a time, at its own length: its values then depend on nothing but the model and its ids.
   *
   * @throws AtlasError `prompt-empty`, `prompt-too-long`, `token-id-out-of-range`, `inference-failed`
   */
  run(ids: readonly number[]): Promise<PatternRun>;
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
  const { logits = false, threads, device = 'cpu' } = options;
  checkDevice(device);
  const graph = buildGraph(checkpoint.model, checkpoint.tensors, { logits });
  const session = await inWorkingFolder(checkpoint.folder, () =>
    InferenceSession.create(graph.bytes, {
      executionProviders: [device],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    }),
  ).catch((error: unknown) => {
    throw failed(error, checkpoint.folder);
  });
  return {
    async run(ids) {
      checkIds(ids, checkpoint);
      const input = new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
      const results = await session.run({ [GRAPH_NAMES.ids]: input }).catch((error: unknown) => {
        throw failed(error, checkpoint.folder);
      });
      const floats = (name: string) => results[name]?.data as Float32Array;
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
    },
    close: () => session.release(),
  };
}

function checkDevice(device: string): void {
  const known = listSupportedBackends().map(({ name }) => name);
  if (!known.includes(device)) throw atlasError('device-unavailable', { device, known });
}

function checkIds(ids: readonly number[], { description }: Checkpoint): void {
  const { context, vocabularySize } = description;
  if (ids.length === 0) throw atlasError('prompt-empty', {});
  if (context !== null && ids.length > context) {
    throw atlasError('prompt-too-long', { tokens: ids.length, limit: context });
  }
  const outside = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
  if (outside !== undefined)
    throw atlasError('token-id-out-of-range', { id: outside, vocabulary: vocabularySize });
}

function failed(error: unknown, folder: string): Error {
  return atlasError('inference-failed', { reason: (error as Error).message }, { file: folder }, error);
}
