import type { InferenceSession } from 'onnxruntime-web/wasm';
import { readModel } from '../../../engine/architectures/index.ts';
import type { ModelDescription, StackDescription } from '../../../engine/architectures/architecture.ts';
import type { BuiltGraph } from '../../../engine/build-graph.ts';
import type { RawConfig } from '../../../engine/config-reader.ts';
import { headerLength, parseSafetensorsHeader, SAFETENSORS_PREAMBLE } from '../../../engine/safetensors.ts';
import type { TensorEntry } from '../../../engine/tensors.ts';
import { createTokenizer, type AtlasTokenizer } from '../../../engine/tokenizers/tokenizer.ts';
import { atlasError } from '../../../schema/errors/index.ts';
import { HEAD_MEANS, type LayerMeans } from '../../../schema/head-means.ts';
import type { PrependBos } from '../../../schema/prepend-bos.ts';
import type { LiveFile, LiveModel } from '../live-model.ts';
import type { LoadProgress, RunsOn } from '../live-protocol.ts';
import type { Processor } from '../processor.ts';
import { fetchFiles } from './fetch-files.ts';
import { openSession } from './open-session.ts';
import { startRuntime, type Runtime } from './start-runtime.ts';

/** A model that is ready to run, as the build runs it: the same graph on the same bytes. */
export interface OpenModel {
  readonly description: ModelDescription;
  /** The one stack that it has. */
  readonly stack: StackDescription;
  readonly prependBos: PrependBos;
  readonly tokenizer: AtlasTokenizer;
  readonly runtime: Runtime;
  readonly graph: BuiltGraph;
  readonly session: InferenceSession;
  readonly runsOn: RunsOn;
  /** By layer, what its heads read on average over the atlas's prompts, `[heads, size]`. */
  readonly means: ReadonlyMap<number, readonly number[]>;
}

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/**
 * Fetches what a model takes, and opens it.
 *
 * @throws LoadError, AtlasError of the checkpoint or its tokenizer, and what the engine throws where memory is short
 */
export async function openModel(
  runtimeFile: LiveFile,
  processor: Processor,
  model: LiveModel,
  onprogress: (progress: LoadProgress) => void,
): Promise<OpenModel> {
  const files = await fetchFiles([runtimeFile, ...model.files], onprogress);
  const program = files.get(runtimeFile.name);
  if (program === undefined) throw new RangeError('The program that runs models was not fetched');
  const runtime = await startRuntime(processor, program);
  const checkpoint = readModel(json(files, 'config.json') as RawConfig);
  const { description } = checkpoint;
  const [stack] = description.stacks;
  if (stack?.stack !== 'self') throw new RangeError('A page runs models of one stack');
  const weights = new Map([...files].filter(([name]) => name.endsWith('.safetensors')));
  const opened = await openSession(runtime, processor, checkpoint, {
    index: tensorIndex(weights),
    files: weights,
  });
  const { prependBos } = model;
  const tokenizer = tokenizerOf(files);
  return { description, stack, prependBos, tokenizer, runtime, ...opened, means: headMeans(files) };
}

function headMeans(files: Files): Map<number, readonly number[]> {
  const means = files.has(HEAD_MEANS) ? (json(files, HEAD_MEANS) as readonly LayerMeans[]) : [];
  return new Map(means.map(({ layer, values }) => [layer, values]));
}

function tensorIndex(weights: Files): Map<string, TensorEntry> {
  return new Map(
    [...weights].flatMap(([name, bytes]) => {
      const length = headerLength(bytes.subarray(0, SAFETENSORS_PREAMBLE), name, bytes.length);
      const header = bytes.subarray(SAFETENSORS_PREAMBLE, SAFETENSORS_PREAMBLE + length);
      return [...parseSafetensorsHeader(header, name, bytes.length)];
    }),
  );
}

function tokenizerOf(files: Files): AtlasTokenizer {
  const text = (key: string, name: string) => {
    const bytes = files.get(name);
    return bytes === undefined ? {} : { [key]: new TextDecoder().decode(bytes) };
  };
  const part = (key: string, name: string) => (files.has(name) ? { [key]: json(files, name) } : {});
  return createTokenizer({
    ...part('tokenizer', 'tokenizer.json'),
    ...part('config', 'tokenizer_config.json'),
    ...part('specialTokensMap', 'special_tokens_map.json'),
    ...part('vocabulary', 'vocab.json'),
    ...text('merges', 'merges.txt'),
    ...text('wordPieces', 'vocab.txt'),
  });
}

function json(files: Files, name: string): unknown {
  const bytes = files.get(name);
  if (bytes === undefined) throw atlasError('model-file-missing', { name });
  return JSON.parse(new TextDecoder().decode(bytes));
}
