import { atlasError } from '../../schema/errors/index.ts';
import type { RawConfig } from '../config-reader.ts';
import { readQuantization } from '../quantization.ts';
import type { Architecture, FamilyModel, Model } from './architecture.ts';
import { afmoe } from './afmoe.ts';
import { apertus } from './apertus.ts';
import { arcee } from './arcee.ts';
import { bamba } from './bamba.ts';
import { bart } from './bart.ts';
import { bert } from './bert.ts';
import { bitnet } from './bitnet.ts';
import { blenderbot } from './blenderbot.ts';
import { bloom } from './bloom.ts';
import { codegen } from './codegen.ts';
import { cohere } from './cohere.ts';
import { cohere2 } from './cohere2.ts';
import { deepseekV2 } from './deepseek-v2.ts';
import { deepseekV3 } from './deepseek-v3.ts';
import { distilBert } from './distilbert.ts';
import { ernie45 } from './ernie4-5.ts';
import { ernie45Moe } from './ernie4-5-moe.ts';
import { exaone4 } from './exaone4.ts';
import { falcon } from './falcon.ts';
import { falconH1 } from './falcon-h1.ts';
import { flexOlmo } from './flex-olmo.ts';
import { gemma } from './gemma.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { gemma3n } from './gemma3n.ts';
import { gemma4 } from './gemma4.ts';
import { glm } from './glm.ts';
import { glmMoeDsa } from './glm-moe-dsa.ts';
import { glm4 } from './glm4.ts';
import { glm4Moe } from './glm4-moe.ts';
import { glm4MoeLite } from './glm4-moe-lite.ts';
import { gptBigCode } from './gpt-bigcode.ts';
import { gptNeo } from './gpt-neo.ts';
import { gptNeox } from './gpt-neox.ts';
import { gptOss } from './gpt-oss.ts';
import { gpt2 } from './gpt2.ts';
import { gptj } from './gptj.ts';
import { granite } from './granite.ts';
import { graniteMoe } from './granitemoe.ts';
import { graniteMoeHybrid } from './granitemoehybrid.ts';
import { hubert } from './hubert.ts';
import { hunyuanDense } from './hunyuan-dense.ts';
import { jais2 } from './jais2.ts';
import { jamba } from './jamba.ts';
import { jetMoe } from './jetmoe.ts';
import { laguna } from './laguna.ts';
import { lfm2 } from './lfm2.ts';
import { lfm2Moe } from './lfm2-moe.ts';
import { llama } from './llama.ts';
import { llama4 } from './llama4.ts';
import { m2m100 } from './m2m100.ts';
import { marian } from './marian.ts';
import { miniMaxM2 } from './minimax-m2.ts';
import { ministral3 } from './ministral3.ts';
import { mistral } from './mistral.ts';
import { mixtral } from './mixtral.ts';
import { modernBertDecoder } from './modernbert-decoder.ts';
import { mpt } from './mpt.ts';
import { mt5 } from './mt5.ts';
import { multimodal } from './multimodal.ts';
import { museGlimmer } from './muse-glimmer.ts';
import { nanoChat } from './nanochat.ts';
import { nemotron } from './nemotron.ts';
import { nemotronH } from './nemotron-h.ts';
import { olmo } from './olmo.ts';
import { olmo2 } from './olmo2.ts';
import { olmo3 } from './olmo3.ts';
import { olmoHybrid } from './olmo-hybrid.ts';
import { olmoe } from './olmoe.ts';
import { openaiGpt } from './openai-gpt.ts';
import { opt } from './opt.ts';
import { pegasus } from './pegasus.ts';
import { persimmon } from './persimmon.ts';
import { phi } from './phi.ts';
import { phi3 } from './phi3.ts';
import { phimoe } from './phimoe.ts';
import { qwen2 } from './qwen2.ts';
import { qwen2Moe } from './qwen2-moe.ts';
import { qwen3 } from './qwen3.ts';
import { qwen35 } from './qwen3-5.ts';
import { qwen35Moe } from './qwen3-5-moe.ts';
import { qwen3Moe } from './qwen3-moe.ts';
import { qwen3Next } from './qwen3-next.ts';
import { recurrentGemma } from './recurrent-gemma.ts';
import { refusalOf } from './refused.ts';
import { roberta } from './roberta.ts';
import { seedOss } from './seed-oss.ts';
import { smolLm3 } from './smollm3.ts';
import { stableLm } from './stablelm.ts';
import { starcoder2 } from './starcoder2.ts';
import { switchTransformers } from './switch-transformers.ts';
import { t5 } from './t5.ts';
import { t5gemma } from './t5gemma.ts';
import { isTransformerLens, transformerLens } from './transformer-lens.ts';
import { vaultGemma } from './vaultgemma.ts';
import { vit } from './vit.ts';
import { wav2vec2 } from './wav2vec2.ts';
import { xglm } from './xglm.ts';
import { youtu } from './youtu.ts';
import { zamba2 } from './zamba2.ts';

/** Every family that can be run. */
export const architectures: readonly Architecture[] = [
  afmoe,
  apertus,
  arcee,
  bamba,
  bart,
  bert,
  bitnet,
  blenderbot,
  bloom,
  codegen,
  cohere,
  cohere2,
  deepseekV2,
  deepseekV3,
  distilBert,
  ernie45,
  ernie45Moe,
  exaone4,
  falcon,
  falconH1,
  flexOlmo,
  gemma,
  gemma2,
  gemma3,
  gemma3n,
  gemma4,
  glm,
  glmMoeDsa,
  glm4,
  glm4Moe,
  glm4MoeLite,
  gptBigCode,
  gptNeo,
  gptNeox,
  gptOss,
  gpt2,
  gptj,
  granite,
  graniteMoe,
  graniteMoeHybrid,
  hubert,
  hunyuanDense,
  jais2,
  jamba,
  jetMoe,
  laguna,
  lfm2,
  lfm2Moe,
  llama,
  llama4,
  m2m100,
  marian,
  miniMaxM2,
  ministral3,
  mistral,
  mixtral,
  modernBertDecoder,
  mpt,
  mt5,
  multimodal,
  museGlimmer,
  nanoChat,
  nemotron,
  nemotronH,
  olmo,
  olmo2,
  olmo3,
  olmoHybrid,
  olmoe,
  openaiGpt,
  opt,
  pegasus,
  persimmon,
  phi,
  phi3,
  phimoe,
  qwen2,
  qwen2Moe,
  qwen3,
  qwen35,
  qwen35Moe,
  qwen3Moe,
  qwen3Next,
  recurrentGemma,
  roberta,
  seedOss,
  smolLm3,
  stableLm,
  starcoder2,
  switchTransformers,
  t5,
  t5gemma,
  transformerLens,
  vaultGemma,
  vit,
  wav2vec2,
  xglm,
  youtu,
  zamba2,
];

/**
 * Understands config.json.
 *
 * @throws AtlasError `family-unknown`, `family-refused`, `quantization-unsupported`,
 *   `config-value-invalid`, `config-key-not-understood`
 */
export function readModel(config: RawConfig): Model {
  const refusal = refusalOf(config);
  if (refusal !== undefined) throw refusal;
  const modelType = modelTypeOf(config);
  const architecture = architectureOf(modelType);
  const quantization = readQuantization(config);
  const plain: Record<string, unknown> = { ...config };
  delete plain.quantization_config;
  const model = architecture.read(plain, readPart);
  const layers = model.description.stacks.flatMap((stack) => stack.layers);
  if (!layers.some(({ hasPattern }) => hasPattern)) {
    throw atlasError('family-refused', { name: architecture.name, reason: 'None of its layers attends.' });
  }
  return {
    ...model,
    quantization,
    description: { ...model.description, family: architecture.name, modelType },
  };
}

function readPart(config: RawConfig): FamilyModel {
  return architectureOf(modelTypeOf(config)).read(config, readPart);
}

function architectureOf(modelType: string): Architecture {
  const found = architectures.find(({ modelTypes }) => modelTypes.includes(modelType));
  if (found !== undefined) return found;
  throw atlasError('family-unknown', {
    modelType,
    known: architectures.flatMap(({ modelTypes }) => modelTypes),
  });
}

function modelTypeOf(config: RawConfig): string {
  if (typeof config.model_type === 'string') return config.model_type;
  return isTransformerLens(config) ? 'transformer_lens' : '';
}
