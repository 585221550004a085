import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { readSpeechEncoder } from './speech-encoder.ts';

/** Baevski et al. 2020; transformers/models/wav2vec2/modeling_wav2vec2.py. */
export const wav2vec2: Architecture = {
  name: 'wav2vec 2.0',
  modelTypes: ['wav2vec2'],
  read(raw) {
    const config = readConfig(raw, 'wav2vec 2.0');
    config.only('add_adapter', false);
    config.only('adapter_attn_dim');
    config.ignore('adapter_kernel_size', 'adapter_stride', 'num_adapter_layers', 'output_hidden_size');
    // The quantizer, which only training reads, and the head that tells speakers apart
    config.ignore('codevector_dim', 'num_codevector_groups', 'num_codevectors_per_group');
    config.ignore('contrastive_logits_temperature', 'diversity_loss_weight', 'num_negatives');
    config.ignore('proj_codevector_dim', 'tdnn_dim', 'tdnn_dilation', 'tdnn_kernel', 'xvector_output_dim');
    return readSpeechEncoder(config, 'wav2vec2.', { projectionNorm: true, batchNorm: false });
  },
};
