import { isObject } from './definition.ts';

/** Keys under which the files of a tokenizer name its special tokens. */
export const SPECIAL_NAMES = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
];

/**
 * The content of a named special token such as `bos_token` in a parsed tokenizer_config.json or
 * special_tokens_map.json, which write it as a string or as an object; undefined where it is not set.
 */
export function specialTokenOf(config: unknown, name: string): string | undefined {
  const value = isObject(config) ? config[name] : undefined;
  const content = isObject(value) ? value.content : value;
  return typeof content === 'string' && content !== '' ? content : undefined;
}
