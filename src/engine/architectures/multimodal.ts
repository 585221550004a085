import { atlasError } from '../../schema/errors/index.ts';
import type { RawConfig } from '../config-reader.ts';
import type { Architecture, FamilyModel } from './architecture.ts';

interface TextPart {
  /** The family of the text part where its config does not name one, or names it by a name of its own. */
  readonly family: string;
  /** Whether the head is the embedding where the outer config does not say. */
  readonly isTied: boolean;
  /** Whether the text part's config may say so, too. */
  readonly tiesAsText?: boolean;
  /** Values of the text part's config class where that differs from the family's. */
  readonly defaults?: RawConfig;
  /** Values that its code takes whatever the config says. */
  readonly fixed?: RawConfig;
}

/** Checkpoints that read images or sound, too, by `model_type`. */
const TEXT_PARTS: Readonly<Record<string, TextPart>> = {
  audioflamingo3: { family: 'qwen2', isTied: false },
  emu3: { family: 'llama', isTied: false, defaults: { rope_theta: 1_000_000, rms_norm_eps: 1e-5 } },
  florence2: { family: 'bart', isTied: true },
  gemma3: { family: 'gemma3_text', isTied: true },
  gemma3n: { family: 'gemma3n_text', isTied: true },
  gemma4: { family: 'gemma4_text', isTied: true },
  gemma4_unified: {
    family: 'gemma4_text',
    isTied: true,
    defaults: { hidden_size_per_layer_input: 0, sliding_window: 1024, max_position_embeddings: 262_144 },
  },
  glm4v: {
    family: 'glm4',
    isTied: false,
    tiesAsText: true,
    fixed: { attention_bias: true },
    defaults: {
      head_dim: null,
      partial_rotary_factor: 1,
      rms_norm_eps: 1e-5,
      max_position_embeddings: 32_768,
    },
  },
  glmasr: { family: 'llama', isTied: true, defaults: { rms_norm_eps: 1e-5 } },
  idefics3: { family: 'llama', isTied: false },
  llama4: { family: 'llama4_text', isTied: false },
  llava: { family: 'llama', isTied: false, tiesAsText: true },
  llava_next: { family: 'llama', isTied: false },
  llava_onevision: { family: 'qwen2', isTied: false, tiesAsText: true },
  mistral3: { family: 'mistral', isTied: true },
  muse_glimmer: { family: 'muse_glimmer_text', isTied: false },
  musicflamingo: { family: 'qwen2', isTied: false },
  qwen2_audio: { family: 'qwen2', isTied: false },
  qwen2_5_vl: {
    family: 'qwen2',
    isTied: false,
    tiesAsText: true,
    defaults: { rope_theta: 1_000_000, rms_norm_eps: 1e-5 },
  },
  qwen3_5: { family: 'qwen3_5_text', isTied: false },
  qwen3_5_moe: { family: 'qwen3_5_moe_text', isTied: false },
  qwen3_vl: { family: 'qwen3', isTied: false, defaults: { rope_theta: 500_000 } },
  qwen3_vl_moe: {
    family: 'qwen3_moe',
    isTied: false,
    fixed: { norm_topk_prob: true },
    defaults: { rope_theta: 500_000, num_experts: 60, num_experts_per_tok: 4, moe_intermediate_size: 1408 },
  },
};
/** Names of text parts that are families under another name. */
const SAME_AS: Readonly<Record<string, string>> = {
  emu3_text_model: 'llama',
  gemma4_unified_text: 'gemma4_text',
  glm4v_text: 'glm4',
  qwen2_5_vl_text: 'qwen2',
  qwen3_vl_text: 'qwen3',
  qwen3_vl_moe_text: 'qwen3_moe',
};
/** Keys of a flat config that are about images. */
const NOT_TEXT = /^(vision_|image_|video_|text_config$|spatial_|temporal_|model_type$)/u;

/** The text parts of multimodal checkpoints: patterns on text alone, with no image or sound in it. */
export const multimodal: Architecture = {
  name: 'Multimodal (text part)',
  modelTypes: Object.keys(TEXT_PARTS),
  read(raw, readText) {
    const part = TEXT_PARTS[raw.model_type as string];
    if (part === undefined) throw new RangeError('The model type is not listed');
    const model = readText(textConfig(raw, part));
    return { ...model, prefixes: prefixesOf(model) };
  },
};

function textConfig(raw: RawConfig, part: TextPart): RawConfig {
  const { family, isTied, tiesAsText = false, defaults = {}, fixed = {} } = part;
  const nested: unknown = raw.text_config ?? flat(raw);
  if (!isRecord(nested)) {
    throw atlasError('config-value-invalid', { key: 'text_config', value: nested, expected: 'an object' });
  }
  const text = nested;
  const named = typeof text.model_type === 'string' ? text.model_type : family;
  const tied = raw.tie_word_embeddings ?? isTied;
  return {
    ...defaults,
    ...text,
    model_type: Object.hasOwn(SAME_AS, named) ? SAME_AS[named] : named,
    ...fixed,
    tie_word_embeddings: tied === true || (tiesAsText && text.tie_word_embeddings === true),
  };
}

/** Older configs have the keys of the text part beside the others. */
function flat(raw: RawConfig): RawConfig {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !NOT_TEXT.test(key)));
}

/** What such checkpoints put before the names of the text part. */
function prefixesOf({ prefixes }: FamilyModel): string[] {
  const outer = ['language_model.', 'model.language_model.', 'text_model.', 'model.text_model.', ''];
  return outer.flatMap((before) => [...prefixes, ''].map((prefix) => before + prefix));
}

function isRecord(value: unknown): value is RawConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
