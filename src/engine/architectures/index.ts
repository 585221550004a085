import { atlasError } from '../../schema/errors/index.ts';
import type { RawConfig } from '../config-reader.ts';
import type { Architecture, Model } from './architecture.ts';
import { gptNeox } from './gpt-neox.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';

/** Every family that can be run. */
export const architectures: readonly Architecture[] = [gpt2, gptNeox, llama];

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
  return architecture.read(config);
}
