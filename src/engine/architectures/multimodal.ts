import { atlasError } from '../../schema/errors/index.ts';
import type { RawConfig } from '../config-reader.ts';
import type { Architecture, FamilyModel } from './architecture.ts';

interface TextPart {
  /** The family of the text part where its config does not name one, or names it by a name of its own. */
  readonly family: string;
  /** Whether the head is the embedding where the outer config does not say. */
  readonly isTied: boolean;
  /** Values of the text part's config class where that differs from the family's. */
  readonly defaults?: RawConfig;
}

/** Checkpoints that read images or sound, too, by `model_type`. */
const TEXT_PARTS: Readonly<Record<string, TextPart>> = {
  gemma3: { family: 'gemma3_text', isTied: true },
  gemma3n: { family: 'gemma3n_text', isTied: true },
  llava: { family: 'llama', isTied: false },
  mistral3: { family: 'mistral', isTied: true },
  qwen2_5_vl: { family: 'qwen2', isTied: false, defaults: { rope_theta: 1_000_000, rms_norm_eps: 1e-5 } },
  qwen3_vl: { family: 'qwen3', isTied: false, defaults: { rope_theta: 500_000 } },
};
/** Names of text parts that are families under another name. */
const SAME_AS: Readonly<Record<string, string>> = { qwen2_5_vl_text: 'qwen2', qwen3_vl_text: 'qwen3' };
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

function textConfig(raw: RawConfig, { family, isTied, defaults = {} }: TextPart): RawConfig {
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
    tie_word_embeddings: tied === true || text.tie_word_embeddings === true,
  };
}

/** Older configs have the keys of the text part beside the others. */
function flat(raw: RawConfig): RawConfig {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !NOT_TEXT.test(key)));
}

/** What such checkpoints put before the names of the text part. */
function prefixesOf({ prefixes }: FamilyModel): string[] {
  const outer = ['language_model.', 'model.language_model.', ''];
  return outer.flatMap((before) => [...prefixes, ''].map((prefix) => before + prefix));
}

function isRecord(value: unknown): value is RawConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
