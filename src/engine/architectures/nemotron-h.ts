import { atlasError } from '../../schema/errors/index.ts';
import { readActivation } from '../blocks/activation.ts';
import { mixture } from '../blocks/experts.ts';
import { feedForward } from '../blocks/feed-forward.ts';
import { gatedNorm } from '../blocks/gated-norm.ts';
import { sigmoidRouter } from '../blocks/grouped-router.ts';
import { embedTokens, linear } from '../blocks/linear.ts';
import { mamba2, type Mamba2 } from '../blocks/mamba2.ts';
import { rmsNorm } from '../blocks/normalization.ts';
import { selfAttention } from '../blocks/self-attention.ts';
import { unembedding } from '../blocks/unembedding.ts';
import { divideEvenly, readConfig, type ConfigReader } from '../config-reader.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope } from '../scope.ts';
import type { Architecture } from './architecture.ts';
import { describeDecoder, readSizes } from './decoder.ts';
import { MAMBA2_LAYER } from './mamba2-keys.ts';

const ALIASES = {
  layer_types: 'layers_block_type',
  num_local_experts: 'n_routed_experts',
  mamba_n_groups: 'n_groups',
  mamba_d_conv: 'conv_kernel',
  mamba_expand: 'expand',
  mamba_dt_min: 'time_step_min',
  mamba_dt_max: 'time_step_max',
  mamba_dt_limit: 'time_step_limit',
  mamba_dt_init_floor: 'time_step_floor',
  mamba_conv_bias: 'use_conv_bias',
  mamba_chunk_size: 'chunk_size',
};

/** What a letter or a name says that a layer does: one thing each. */
const KINDS = {
  M: MAMBA2_LAYER,
  '*': { kind: 'full' },
  '-': { kind: 'none', reason: 'a feed-forward only' },
  E: { kind: 'none', reason: 'experts only' },
} as const;
type Letter = keyof typeof KINDS;
const LETTERS: Readonly<Record<string, Letter>> = {
  linear_attention: 'M',
  mamba: 'M',
  full_attention: '*',
  attention: '*',
  mlp: '-',
  moe: 'E',
};

/** NVIDIA 2025; transformers/models/nemotron_h/modeling_nemotron_h.py. */
export const nemotronH: Architecture = {
  name: 'Nemotron-H',
  modelTypes: ['nemotron_h'],
  read(raw) {
    const config = readConfig(raw, 'Nemotron-H', ALIASES);
    const defaults = { width: 4096, heads: 32, shared: 8, size: 128, layers: 4, inner: 21_504 };
    const sizes = readSizes(config, { ...defaults, vocabulary: 131_072, context: 4096 });
    const { width, vocabulary, size } = sizes;
    const activation = readActivation(config, 'mlp_hidden_act', 'relu2');
    const epsilon = config.number('layer_norm_epsilon', 1e-5);
    const norm = rmsNorm({ size: width, epsilon });
    const mixer = readMixer(config, width, epsilon);
    const kinds = readKinds(config);
    const bias = config.boolean('mlp_bias', false);
    const mlp = { width, activation, bias, names: ['up_proj', 'down_proj'] as const };
    const routing = {
      experts: config.integer('n_routed_experts', 8),
      k: config.integer('num_experts_per_tok', 2),
      groups: config.integer('n_group', 1),
      kept: config.integer('topk_group', 1),
      normalized: config.boolean('norm_topk_prob', true),
      factor: config.number('routed_scaling_factor', 1),
      correction: 'gate.e_score_correction_bias',
    };
    const inner = config.integer('moe_intermediate_size', 7688);
    const common = config.integer('moe_shared_expert_intermediate_size', 7688);
    const latent = config.nullableInteger('moe_latent_size', null);
    config.only('sliding_window');
    config.ignore('tie_word_embeddings'); // never tied
    config.ignore('time_step_max', 'time_step_limit', 'time_step_floor', 'chunk_size', 'use_mamba_kernels');
    config.ignore('attention_bias', 'attention_head_dim', 'expand', 'mamba_proj_bias', 'n_shared_experts');
    config.ignore('mamba_ssm_cache_dtype', 'moe_shared_expert_overlap', 'num_nextn_predict_layers');
    config.ignore(
      'mtp_layers_block_type',
      'mtp_hybrid_override_pattern',
      'residual_in_fp32',
      'rescale_prenorm_residual',
    );
    config.ignore('partial_rotary_factor', 'rope_scaling', 'num_query_groups');
    config.ignore('hidden_act', 'rms_norm_eps', 'rope_theta', 'norm_eps', 'is_mamba2'); // of other families' keys
    config.finish();

    function experted(scope: LayerScope, x: Value): Value {
      const { graph } = scope;
      const choice = sigmoidRouter(scope, 'gate', x, { width, ...routing });
      const inside = latent ?? width;
      const into = (y: Value) =>
        linear(scope, 'fc1_latent_proj', y, { inputs: width, outputs: inside, bias });
      const outOf = (y: Value) =>
        linear(scope, 'fc2_latent_proj', y, { inputs: inside, outputs: width, bias });
      const expert = (index: number, rows: Value) =>
        feedForward(scope.at(`experts.${index}`), rows, { ...mlp, width: inside, inner, bias: false });
      const entry = latent === null ? x : into(x);
      const mixed = mixture(scope, entry, choice, { ...routing, width: inside, expert });
      const shared = feedForward(scope.at('shared_experts'), x, { ...mlp, inner: common });
      return graph.add(latent === null ? mixed : outOf(mixed), shared);
    }

    const does: Readonly<Record<Letter, (scope: LayerScope, x: Value) => Value>> = {
      M: (scope, x) => mamba2(scope, x, mixer),
      '*': (scope, x) => selfAttention(scope, x, { ...sizes, scale: 1 / Math.sqrt(size) }),
      '-': (scope, x) => feedForward(scope, x, { ...mlp, inner: sizes.inner }),
      E: experted,
    };

    return {
      description: describeDecoder({ ...sizes, layers: kinds.map((kind) => KINDS[kind]) }),
      prefixes: ['backbone.', 'model.', ''],
      build({ self }) {
        const start = embedTokens(self, 'embeddings', vocabulary, width);
        const stream = self.layers('layers', start, (layer, x) => {
          const kind = kinds[layer.layer.index] ?? '-';
          return self.graph.add(x, does[kind](layer.at('mixer'), norm(layer, 'norm', x)));
        });
        return unembedding(self, stream, { width, vocabulary, norm, normName: 'norm_f', head: 'lm_head' });
      },
    };
  },
};

function readMixer(config: ConfigReader, width: number, epsilon: number): Mamba2 {
  const heads = config.integer('mamba_num_heads', 128);
  const size = config.integer('mamba_head_dim', 64);
  const groups = config.integer('n_groups', 8);
  divideEvenly('mamba_num_heads', heads, groups);
  return {
    width,
    heads,
    size,
    groups,
    state: config.integer('ssm_state_size', 128),
    kernel: config.integer('conv_kernel', 4),
    convolutionBias: config.boolean('use_conv_bias', true),
    projectionBias: config.boolean('use_bias', false),
    activation: readActivation(config, 'mamba_hidden_act', 'silu'),
    limit: [config.number('time_step_min', 0.001), Infinity],
    gate: gatedNorm({ size: heads * size, groups, epsilon }),
  };
}

/** @throws AtlasError `config-value-invalid` */
function readKinds(config: ConfigReader): readonly Letter[] {
  const names = config.strings('layers_block_type');
  const pattern = config.has('hybrid_override_pattern') ? config.text('hybrid_override_pattern') : 'ME*-';
  const kinds = names?.map((name) => LETTERS[name] ?? name) ?? [...pattern];
  const isLetter = (kind: string): kind is Letter => Object.hasOwn(KINDS, kind);
  if (kinds.length > 0 && kinds.every(isLetter)) return kinds;
  const [key, value] =
    names === undefined ? ['hybrid_override_pattern', pattern] : ['layers_block_type', names];
  throw atlasError('config-value-invalid', {
    key,
    value,
    expected: `some of ${Object.keys(LETTERS).join(', ')}`,
  });
}
