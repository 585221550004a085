import { atlasError } from '../schema/errors/index.ts';

/** config.json as it stands. */
export type RawConfig = Readonly<Record<string, unknown>>;

/**
 * Keys that never change a pattern or a logit of a forward pass over given ids: how text is generated, what a
 * trainer wants to know, what the library that wrote the file is called.
 */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  '_name_or_path', 'architectures', 'attn_implementation', '_attn_implementation', 'auto_map', 'bad_words_ids',
  'begin_suppress_tokens', 'bos_token_id', 'decoder_start_token_id', 'diversity_penalty', 'do_sample', 'dtype',
  'early_stopping', 'encoder_no_repeat_ngram_size', 'eos_token_id', 'exponential_decay_length_penalty',
  'finetuning_task', 'forced_bos_token_id', 'forced_eos_token_id', 'gradient_checkpointing', 'id2label',
  'initializer_range', 'is_encoder_decoder', 'label2id', 'length_penalty', 'max_length', 'min_length', 'model_type',
  'no_repeat_ngram_size', 'num_beam_groups', 'num_beams', 'num_return_sequences', 'output_attentions',
  'output_hidden_states', 'output_scores', 'pad_token_id', 'prefix', 'problem_type', 'remove_invalid_values',
  'repetition_penalty', 'return_dict', 'return_dict_in_generate', 'sep_token_id', 'suppress_tokens',
  'task_specific_params', 'temperature', 'tf_legacy_loss', 'tokenizer_class', 'top_k', 'top_p', 'torch_dtype',
  'torchscript', 'transformers_version', 'typical_p', 'unk_token_id', 'use_bfloat16', 'use_cache',
  'chunk_size_feed_forward', 'pruned_heads', 'n_ctx',
]);

/** Chances of dropping something while training. */
const DROPOUT = /(^|_)(dropout|pdrop|first_dropout|layerdrop)(_prob)?$/u;

/**
 * `whole / parts`, where the config must make it come out even.
 *
 * @throws AtlasError `config-value-invalid`
 */
export function divideEvenly(key: string, whole: number, parts: number): number {
  if (whole % parts === 0) return whole / parts;
  throw atlasError('config-value-invalid', { key, value: whole, expected: `a multiple of ${parts}, the number of heads` });
}

/** Reads the keys of a config, and knows at the end which ones nobody asked for. */
export interface ConfigReader {
  /** Whole and at least `least`. */
  integer(key: string, fallback?: number, least?: number): number;
  /** Finite. */
  number(key: string, fallback?: number): number;
  boolean(key: string, fallback?: boolean): boolean;
  choice<T extends string>(key: string, known: readonly T[], fallback?: T): T;
  /** A nested object, or undefined where it is null or absent. */
  group(key: string): ConfigReader | undefined;
  /**
   * A key that may be absent or anything but `value`.
   *
   * @throws AtlasError `config-key-not-understood` when it is `value`, which the family's graph does not do
   */
  never(key: string, value: unknown): void;
  /** Says that a key is known to have no effect in this family. */
  ignore(...keys: readonly string[]): void;
  /**
   * Call it last.
   *
   * @throws AtlasError `config-key-not-understood` for a key with a value that was neither asked for nor is known to
   *   have no effect: it may change the result
   */
  finish(): void;
}

/** @param family in messages */
export function readConfig(config: RawConfig, family: string, path = ''): ConfigReader {
  const asked = new Set<string>();
  const groups: ConfigReader[] = [];
  const take = (key: string): unknown => {
    asked.add(key);
    return config[key] ?? undefined;
  };
  const checked = <T>(key: string, fallback: T | undefined, expected: string, isValid: (value: unknown) => value is T): T => {
    const value = take(key) ?? fallback;
    if (!isValid(value)) throw atlasError('config-value-invalid', { key: path + key, value: config[key], expected });
    return value;
  };
  return {
    integer: (key, fallback, least = 1) =>
      checked(key, fallback, `a whole number of at least ${least}`, (value): value is number => Number.isSafeInteger(value) && (value as number) >= least),
    number: (key, fallback) => checked(key, fallback, 'a number', (value): value is number => Number.isFinite(value)),
    boolean: (key, fallback) => checked(key, fallback, 'true or false', (value) => typeof value === 'boolean'),
    choice: <T extends string>(key: string, known: readonly T[], fallback?: T) =>
      checked(key, fallback, `one of ${known.join(', ')}`, (value): value is T => known.some((name) => name === value)),
    group(key) {
      const value = take(key);
      if (value === undefined) return undefined;
      if (typeof value !== 'object' || Array.isArray(value)) {
        throw atlasError('config-value-invalid', { key: path + key, value, expected: 'an object' });
      }
      const reader = readConfig(value as RawConfig, family, `${path}${key}.`);
      groups.push(reader);
      return reader;
    },
    never(key, value) {
      if (take(key) === value) throw atlasError('config-key-not-understood', { key: path + key, value, family });
    },
    ignore(...keys) {
      for (const key of keys) asked.add(key);
    },
    finish() {
      for (const group of groups) group.finish();
      for (const [key, value] of Object.entries(config)) {
        if (asked.has(key) || value === null || WITHOUT_EFFECT.has(key) || DROPOUT.test(key)) continue;
        throw atlasError('config-key-not-understood', { key: path + key, value, family });
      }
    },
  };
}
