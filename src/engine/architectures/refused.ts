import { atlasError, type AtlasError } from '../../schema/errors/index.ts';
import type { RawConfig } from '../config-reader.ts';

/** A family that is known and can't be run. */
interface Refused {
  /** As people call it. */
  readonly name: string;
  readonly modelTypes: readonly string[];
  /** Names of classes where a config has no `model_type`, or that of another family. */
  readonly classes?: readonly string[];
  /** A sentence. */
  readonly reason: string;
}

const NO_ATTENTION = 'It has no attention, and so no patterns.';
const REMOTE_CODE = 'It is run by code that lies beside its weights, of which no checked reference exists.';
const NOT_SQUARE =
  'Its encoder attends within windows or blocks, whose patterns are not one matrix of queries and keys.';
const OTHER_FORMAT = "It is a trainer's own format, without the config.json of a model on the hub.";

const REFUSED: readonly Refused[] = [
  { name: 'Mamba', modelTypes: ['mamba'], classes: ['MambaForCausalLM'], reason: NO_ATTENTION },
  { name: 'Mamba-2', modelTypes: ['mamba2'], classes: ['Mamba2ForCausalLM'], reason: NO_ATTENTION },
  {
    name: 'Falcon Mamba',
    modelTypes: ['falcon_mamba'],
    classes: ['FalconMambaForCausalLM'],
    reason: NO_ATTENTION,
  },
  {
    name: 'RWKV',
    modelTypes: ['rwkv', 'rwkv5', 'rwkv6', 'rwkv7'],
    classes: ['RwkvForCausalLM', 'RWKV7ForCausalLM'],
    reason: NO_ATTENTION,
  },
  { name: 'HyenaDNA', modelTypes: ['hyenadna'], classes: ['HyenaDNAForCausalLM'], reason: NO_ATTENTION },
  { name: 'Longformer Encoder-Decoder', modelTypes: ['led'], reason: NOT_SQUARE },
  { name: 'LongT5', modelTypes: ['longt5'], reason: NOT_SQUARE },
  {
    name: 'T5Gemma 2',
    modelTypes: ['t5gemma2'],
    reason:
      "Its decoder attends to its own and to the encoder's keys in one softmax, which makes no pattern of either.",
  },
  {
    name: 'DeepSeek-V4',
    modelTypes: ['deepseek_v4'],
    reason: 'It compresses its keys and selects among them, so that no pattern has a column a token.',
  },
  {
    name: 'HRM',
    modelTypes: ['hrm_text'],
    reason: 'Its layers run in several cycles, which makes several patterns a layer.',
  },
  {
    name: 'Huginn (Raven)',
    modelTypes: ['huginn_raven', 'raven'],
    classes: ['RavenForCausalLM'],
    reason: REMOTE_CODE,
  },
  { name: 'Ouro', modelTypes: ['ouro'], classes: ['OuroForCausalLM'], reason: REMOTE_CODE },
  {
    name: 'Baichuan',
    modelTypes: ['baichuan'],
    classes: ['BaiChuanForCausalLM', 'BaichuanForCausalLM'],
    reason: REMOTE_CODE,
  },
  { name: 'BD3LM', modelTypes: ['bd3lm'], classes: ['BD3LM'], reason: REMOTE_CODE },
  { name: 'Dream', modelTypes: ['Dream', 'dream'], classes: ['DreamModel'], reason: REMOTE_CODE },
  { name: 'EXAONE 3', modelTypes: ['exaone'], classes: ['ExaoneForCausalLM'], reason: REMOTE_CODE },
  { name: 'GIDD', modelTypes: ['gidd'], classes: ['GiddForDiffusionLM'], reason: REMOTE_CODE },
  { name: 'InternLM2', modelTypes: ['internlm2'], classes: ['InternLM2ForCausalLM'], reason: REMOTE_CODE },
  {
    name: 'LLaDA',
    modelTypes: ['llada', 'llada2_moe'],
    classes: ['LLaDAModelLM', 'LLaDA2MoeModelLM'],
    reason: REMOTE_CODE,
  },
  { name: 'OpenELM', modelTypes: ['openelm'], classes: ['OpenELMForCausalLM'], reason: REMOTE_CODE },
  {
    name: 'Qwen 1',
    modelTypes: ['qwen'],
    classes: ['QwenForCausalLM', 'QWenLMHeadModel'],
    reason: REMOTE_CODE,
  },
  {
    name: 'Audio Spectrogram Transformer',
    modelTypes: ['audio-spectrogram-transformer'],
    reason: 'It reads spectrograms, which are neither text nor the pixels or samples that can be given.',
  },
  {
    name: 'minGPT and nanoGPT',
    modelTypes: ['mingpt', 'nanogpt'],
    classes: ['MinGPTForCausalLM', 'NanoGPTForCausalLM'],
    reason: OTHER_FORMAT,
  },
  {
    name: "TransformerLens's trainer",
    modelTypes: [],
    classes: ['TransformerLensNative', 'TransformerLensPretrain'],
    reason: OTHER_FORMAT,
  },
];

/** The error of a family that is known and can't be run, or undefined. */
export function refusalOf(config: RawConfig): AtlasError | undefined {
  const modelType = typeof config.model_type === 'string' ? config.model_type : '';
  const names = Array.isArray(config.architectures) ? (config.architectures as unknown[]) : [];
  const found = REFUSED.find(
    ({ modelTypes, classes = [] }) =>
      modelTypes.includes(modelType) || classes.some((name) => names.includes(name)),
  );
  return found && atlasError('family-refused', { name: found.name, reason: found.reason });
}
