import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { readSpeechEncoder } from './speech-encoder.ts';

/** Hsu et al. 2021; transformers/models/hubert/modeling_hubert.py. */
export const hubert: Architecture = {
  name: 'HuBERT',
  modelTypes: ['hubert'],
  read(raw) {
    const config = readConfig(raw, 'HuBERT');
    config.only('adapter_attn_dim');
    return readSpeechEncoder(config, 'hubert.', {
      projectionNorm: config.boolean('feat_proj_layer_norm', true),
      batchNorm: config.boolean('conv_pos_batch_norm', false),
    });
  },
};
