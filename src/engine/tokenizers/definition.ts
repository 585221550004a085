import * as z from 'zod';
import { tokenizerInvalid } from './invalid.ts';

// zod probes `new Function` for a faster parser, which a strict Content-Security-Policy reports as a violation.
z.config({ jitless: true });

const pattern = z.union([z.object({ String: z.string() }), z.object({ Regex: z.string() })]);
const splitBehavior = z.enum(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']);
const flag = (fallback: boolean) => z.boolean().default(fallback);
const text = z.string();
const maybeText = z.string().nullable().default(null);
const tokenId = z.int().min(0);

const plainNormalizer = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents']) }),
  z.object({ type: z.literal('Strip'), strip_left: flag(true), strip_right: flag(true) }),
  z.object({ type: z.literal('Prepend'), prepend: text }),
  z.object({ type: z.literal('Replace'), pattern, content: text }),
  z.object({
    type: z.literal('BertNormalizer'),
    clean_text: flag(true),
    handle_chinese_chars: flag(true),
    strip_accents: z.boolean().nullish(),
    lowercase: flag(true),
  }),
  z.object({ type: z.literal('Precompiled'), precompiled_charsmap: text }),
]);
export type NormalizerDefinition =
  z.infer<typeof plainNormalizer> | { type: 'Sequence'; normalizers: NormalizerDefinition[] };
const normalizer: z.ZodType<NormalizerDefinition> = z.lazy(() =>
  z.discriminatedUnion('type', [
    ...plainNormalizer.options,
    z.object({ type: z.literal('Sequence'), normalizers: z.array(normalizer) }),
  ]),
);

const metaspace = z
  .object({
    type: z.literal('Metaspace'),
    replacement: z.string().min(1).default('\u2581'),
    prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
    add_prefix_space: z.boolean().optional(), // how older files say it
    split: flag(true),
  })
  .transform(({ type, replacement, prepend_scheme, add_prefix_space, split }) => ({
    type,
    replacement,
    prepend_scheme: prepend_scheme ?? (add_prefix_space === false ? 'never' : 'always'),
    split,
  }));
const plainPreTokenizer = [
  metaspace,
  z.object({ type: z.literal('ByteLevel'), add_prefix_space: flag(true), use_regex: flag(true) }),
  z.object({ type: z.literal('Split'), pattern, behavior: splitBehavior, invert: flag(false) }),
  z.object({ type: z.literal('CharDelimiterSplit'), delimiter: z.string().min(1) }),
  z.object({ type: z.literal('Punctuation'), behavior: splitBehavior.default('Isolated') }),
  z.object({ type: z.literal('Digits'), individual_digits: flag(false) }),
  z.object({ type: z.literal('FixedLength'), length: z.int().min(1).default(5) }),
  z.object({ type: z.enum(['Whitespace', 'WhitespaceSplit', 'BertPreTokenizer']) }),
] as const;
export type PreTokenizerDefinition =
  z.infer<(typeof plainPreTokenizer)[number]> | { type: 'Sequence'; pretokenizers: PreTokenizerDefinition[] };
const preTokenizer: z.ZodType<PreTokenizerDefinition> = z.lazy(() =>
  z.discriminatedUnion('type', [
    ...plainPreTokenizer,
    z.object({ type: z.literal('Sequence'), pretokenizers: z.array(preTokenizer) }),
  ]),
);

const namedToken = z.tuple([z.string(), tokenId]);
const templatePart = z.union([
  z.object({ SpecialToken: z.object({ id: z.string() }) }),
  z.object({ Sequence: z.object({ id: z.enum(['A', 'B']) }) }),
]);
const plainPostProcessor = [
  z.object({ type: z.literal('ByteLevel'), add_prefix_space: flag(true), trim_offsets: flag(true) }),
  z.object({ type: z.literal('BertProcessing'), sep: namedToken, cls: namedToken }),
  z.object({
    type: z.literal('RobertaProcessing'),
    sep: namedToken,
    cls: namedToken,
    trim_offsets: flag(true),
    add_prefix_space: flag(true),
  }),
  z.object({
    type: z.literal('TemplateProcessing'),
    single: z.array(templatePart),
    special_tokens: z.record(z.string(), z.object({ ids: z.array(tokenId), tokens: z.array(text) })),
  }),
] as const;
export type PostProcessorDefinition =
  z.infer<(typeof plainPostProcessor)[number]> | { type: 'Sequence'; processors: PostProcessorDefinition[] };
const postProcessor: z.ZodType<PostProcessorDefinition> = z.lazy(() =>
  z.discriminatedUnion('type', [
    ...plainPostProcessor,
    z.object({ type: z.literal('Sequence'), processors: z.array(postProcessor) }),
  ]),
);

// Vocabularies are checked in place, not copied: they are large, and a token may be called `__proto__`.
const vocabulary = z.custom<Record<string, number>>(
  (value) => isObject(value) && Object.values(value).every(isTokenId),
  'must map tokens to ids',
);
const scoredVocabulary = z.custom<[string, number][]>(
  (value) => Array.isArray(value) && value.every(isScoredToken),
  'must be a list of tokens with scores',
);
const merges = z.custom<string[] | [string, string][]>(
  (value) => Array.isArray(value) && (value.every(isMergeLine) || value.every(isMergePair)),
  'must be a list of pairs',
);
const model = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('BPE'),
    vocab: vocabulary,
    merges,
    unk_token: maybeText,
    fuse_unk: flag(false),
    byte_fallback: flag(false),
    ignore_merges: flag(false),
    end_of_word_suffix: maybeText,
    continuing_subword_prefix: z.literal('', 'prefixes inside a BPE are not supported').nullish(),
  }),
  z.object({
    type: z.literal('Unigram'),
    vocab: scoredVocabulary,
    unk_id: tokenId.nullable().default(null),
    byte_fallback: flag(false),
  }),
  z.object({
    type: z.literal('WordPiece'),
    vocab: vocabulary,
    unk_token: z.string().default('[UNK]'),
    continuing_subword_prefix: z.string().default('##'),
    max_input_chars_per_word: z.int().min(0).default(100),
  }),
  z.object({ type: z.literal('WordLevel'), vocab: vocabulary, unk_token: z.string().default('<unk>') }),
]);
export type ModelDefinition = z.infer<typeof model>;

const addedToken = z.object({
  id: tokenId,
  content: text,
  single_word: flag(false),
  lstrip: flag(false),
  rstrip: flag(false),
  normalized: flag(true),
  special: flag(false),
});
export type AddedTokenDefinition = z.infer<typeof addedToken>;

const definition = z.object({
  added_tokens: z.array(addedToken).default([]),
  normalizer: normalizer.nullable().default(null),
  pre_tokenizer: preTokenizer.nullable().default(null),
  post_processor: postProcessor.nullable().default(null),
  decoder: z.unknown(),
  model: z.preprocess(withModelType, model),
});
/**
 * What a tokenizer.json says. `truncation` and `padding` are left out on purpose: they are settings of the
 * program that wrote the file, and transformers sets them anew for each call.
 */
export type TokenizerDefinition = z.infer<typeof definition>;

/** @throws AtlasError `tokenizer-invalid`, naming up to three places that are not as they should be */
export function parseDefinition(json: unknown): TokenizerDefinition {
  const result = definition.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 3).map((issue) => {
    const at = issue.path.join('.');
    return at === '' ? issue.message : `${at}: ${issue.message}`;
  });
  throw tokenizerInvalid(
    `It holds what this version does not understand: ${problems.join('; ')}.`,
    result.error,
  );
}

/** Files of early versions do not name the model's type; its keys tell. */
function withModelType(value: unknown): unknown {
  if (!isObject(value) || 'type' in value) return value;
  const type = Array.isArray(value.vocab) ? 'Unigram' : 'merges' in value ? 'BPE' : 'WordPiece';
  return { ...value, type };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTokenId(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isScoredToken(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

function isMergeLine(value: unknown): boolean {
  return typeof value === 'string' && value.indexOf(' ') > 0;
}

function isMergePair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
