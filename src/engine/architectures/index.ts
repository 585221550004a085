import { atlasError } from '../../schema/errors/index.ts';
import type { RawConfig } from '../config-reader.ts';
import type { Architecture, Model } from './architecture.ts';
import { bloom } from './bloom.ts';
import { codegen } from './codegen.ts';
import { gemma } from './gemma.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { gptNeo } from './gpt-neo.ts';
import { gptNeox } from './gpt-neox.ts';
import { gpt2 } from './gpt2.ts';
import { gptj } from './gptj.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { mixtral } from './mixtral.ts';
import { olmo } from './olmo.ts';
import { olmo2 } from './olmo2.ts';
import { olmo3 } from './olmo3.ts';
import { olmoe } from './olmoe.ts';
import { opt } from './opt.ts';
import { phi } from './phi.ts';
import { phi3 } from './phi3.ts';
import { phimoe } from './phimoe.ts';
import { qwen2 } from './qwen2.ts';
import { qwen2Moe } from './qwen2-moe.ts';
import { qwen3 } from './qwen3.ts';
import { qwen3Moe } from './qwen3-moe.ts';

/** Every family that can be run. */
export const architectures: readonly Architecture[] = [
  bloom,
  codegen,
  gemma,
  gemma2,
  gemma3,
  gptNeo,
  gptNeox,
  gpt2,
  gptj,
  llama,
  mistral,
  mixtral,
  olmo,
  olmo2,
  olmo3,
  olmoe,
  opt,
  phi,
  phi3,
  phimoe,
  qwen2,
  qwen2Moe,
  qwen3,
  qwen3Moe,
];

/**
 * Understands config.json.
 *
 * @throws AtlasError `family-unknown`, `config-value-invalid`, `config-key-not-understood`
 */
export function readModel(config: RawConfig): Model {
  const modelType = typeof config.model_type === 'string' ? config.model_type : '';
  const architecture = architectures.find(({ modelTypes }) => modelTypes.includes(modelType));
  if (architecture === undefined) {
    throw atlasError('family-unknown', {
      modelType,
      known: architectures.flatMap(({ modelTypes }) => modelTypes),
    });
  }
  const model = architecture.read(config);
  return { ...model, description: { ...model.description, family: architecture.name, modelType } };
}
