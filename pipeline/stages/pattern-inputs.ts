import { hash } from 'node:crypto';
import { ENGINE_VERSION } from '../../src/engine/engine-version.ts';
import { outputKey, type Store } from '../store/store.ts';
import { onnxruntimeVersion } from '../versions.ts';
import type { CheckpointModel, TokenizedPrompt } from './plan.ts';

/** Raised when the stage `activations` comes to give other bytes for the same input. */
const ACTIVATIONS_VERSION = 1;
const JOURNAL_VERSION = 1;

/** What all patterns of a model depend on, whatever the prompt. */
export interface PatternInputs {
  readonly stage: 'activations';
  readonly version: number;
  /** SHA-256 of the tokenizer: patterns depend on it by the tokens alone. */
  readonly tokenizer: string;
  readonly inputs: {
    readonly engine: number;
    readonly onnxruntime: string;
    readonly device: string;
    readonly model: string;
    readonly weights: string;
    readonly config: string;
  };
}

/** What all figures depend on, whatever they show. */
export interface FigureInputs {
  readonly stage: 'figures';
  readonly version: number;
  readonly inputs: { readonly encoder: string };
}

export function patternInputs(model: CheckpointModel): PatternInputs {
  return {
    stage: 'activations',
    version: ACTIVATIONS_VERSION,
    tokenizer: model.tokenizerSha256,
    inputs: {
      engine: ENGINE_VERSION,
      onnxruntime: onnxruntimeVersion(),
      device: model.device,
      model: model.source.id,
      weights: model.weightsSha256,
      config: hash('sha256', JSON.stringify(model.checkpoint.config), 'hex'),
    },
  };
}

/** The key of a model's patterns on the prompt of that id. */
export function patternsKey(
  { version, inputs }: PatternInputs,
  prompt: string,
  { ids, tokens }: Pick<TokenizedPrompt, 'ids' | 'tokens'>,
): string {
  return outputKey('activations', version, { ...inputs, prompt, ids, tokens });
}

/** The key in the stage `inputs` of what outputs depended on: the journal, in which a later run looks up what changed. */
export function inputsKey(inputs: PatternInputs | FigureInputs): string {
  return outputKey('inputs', JOURNAL_VERSION, { ...inputs, inputs: { ...inputs.inputs } });
}

/** Writes down what outputs depend on, before the first of them is made. */
export async function storeInputs(inputs: PatternInputs | FigureInputs, store: Store): Promise<void> {
  const key = inputsKey(inputs);
  if (await store.has('inputs', key)) return;
  await store.write('inputs', key, Buffer.from(JSON.stringify(inputs)));
}

/** Everything that the journal of a store holds. */
export async function storedInputs(store: Store): Promise<(PatternInputs | FigureInputs)[]> {
  const keys = await store.keys('inputs');
  const read = async (key: string) =>
    JSON.parse(Buffer.from(await store.read('inputs', key)).toString()) as PatternInputs | FigureInputs;
  return Promise.all(keys.map(read));
}
