import { closeSync, copyFileSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { random } from '../tests/unit/random.ts';

export type WeightType = 'F32' | 'F16' | 'BF16';

/** A tensor of a random model: normally distributed around `mean`. */
interface RandomTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly mean: number;
  readonly deviation: number;
}

interface Shape {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: () => RandomTensor[];
}

/** The shapes that speed is measured at, under the names that TransformerLens gives the models. */
const SHAPES = { gpt2, 'pythia-14m': pythia14m };
export type ShapeName = keyof typeof SHAPES;

/** The tokenizer of a model of the atlas: only the ids below 2,048 occur. */
const TOKENIZER = resolve(import.meta.dirname, '../models/tiny-gpt2');
const PERIOD = 2 ** 20 - 3;

/**
 * Writes a model of that shape into a folder, as transformers reads it, with the same random weights each time. Queries and
 * keys are scaled so that patterns have rows of about the entropy of a trained model's.
 *
 * @param context tokens that the model reads at most; as many as the real one if left out
 */
export function randomModel(folder: string, name: ShapeName, type: WeightType, context?: number): void {
  const { config, tensors } = SHAPES[name](context);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(join(TOKENIZER, file), join(folder, file));
  const all = tensors();
  const width = type === 'F32' ? 4 : 2;
  let end = 0;
  const entries = all.map(({ name: tensor, shape }) => {
    const start = end;
    end += shape.reduce((product, side) => product * side, width);
    return [tensor, { dtype: type, shape, data_offsets: [start, end] }] as const;
  });
  const text = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) });
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(file, Buffer.concat([length, header]));
  const normal = normalNumbers();
  for (const [at, tensor] of all.entries()) writeTensor(file, tensor, type, normal, at);
  closeSync(file);
}

function writeTensor(
  file: number,
  { shape, mean, deviation }: RandomTensor,
  type: WeightType,
  normal: Float32Array,
  seed: number,
): void {
  const count = shape.reduce((product, side) => product * side, 1);
  for (let start = 0; start < count; start += PERIOD) {
    const from = (start + seed * 7919) % PERIOD;
    const values = Float32Array.from(
      { length: Math.min(PERIOD, count - start) },
      (_, at) => mean + deviation * (normal[(from + at) % PERIOD] ?? 0),
    );
    writeSync(file, bytesOf(values, type));
  }
}

function bytesOf(values: Float32Array, type: WeightType): Uint8Array {
  if (type === 'F32') return new Uint8Array(values.buffer);
  if (type === 'F16') return new Uint8Array(new Float16Array(values).buffer);
  const halves = new Uint16Array(values.buffer); // bfloat16 is the upper half of float32
  return new Uint8Array(
    Uint16Array.from({ length: values.length }, (_, at) => halves[2 * at + 1] ?? 0).buffer,
  );
}

/** Box and Muller 1958. */
function normalNumbers(): Float32Array {
  const numbers = random(1);
  return Float32Array.from(
    { length: PERIOD },
    () => Math.sqrt(-2 * Math.log(1 - numbers.next())) * Math.cos(2 * Math.PI * numbers.next()),
  );
}

const norm = (name: string, size: number): RandomTensor[] => [
  { name: `${name}.weight`, shape: [size], mean: 1, deviation: 0.05 },
  { name: `${name}.bias`, shape: [size], mean: 0, deviation: 0.02 },
];

/** @param gain what a standard normal input is multiplied by, in deviations */
function matrix(
  name: string,
  shape: readonly [number, number],
  inputs: number,
  gain: number,
): RandomTensor[] {
  const outputs = shape[0] === inputs ? shape[1] : shape[0];
  return [
    { name: `${name}.weight`, shape, mean: 0, deviation: gain / Math.sqrt(inputs) },
    { name: `${name}.bias`, shape: [outputs], mean: 0, deviation: 0.02 },
  ];
}

function gpt2(context = 1024): Shape {
  const [width, layers, vocabulary] = [768, 12, 50_257];
  const across = (name: string, rows: number, columns: number, gain: number) =>
    matrix(name, [rows, columns], rows, gain);
  return {
    config: {
      model_type: 'gpt2',
      architectures: ['GPT2LMHeadModel'],
      n_embd: width,
      n_layer: layers,
      n_head: 12,
      n_positions: context,
      n_ctx: context,
      vocab_size: vocabulary,
      layer_norm_epsilon: 1e-5,
      activation_function: 'gelu_new',
      bos_token_id: 0,
      eos_token_id: 0,
    },
    tensors: () => [
      { name: 'wte.weight', shape: [vocabulary, width], mean: 0, deviation: 0.1 },
      { name: 'wpe.weight', shape: [context, width], mean: 0, deviation: 0.03 },
      ...Array.from({ length: layers }, (_, layer) => [
        ...norm(`h.${layer}.ln_1`, width),
        ...across(`h.${layer}.attn.c_attn`, width, 3 * width, 1.4),
        ...across(`h.${layer}.attn.c_proj`, width, width, 0.2),
        ...norm(`h.${layer}.ln_2`, width),
        ...across(`h.${layer}.mlp.c_fc`, width, 4 * width, 0.7),
        ...across(`h.${layer}.mlp.c_proj`, 4 * width, width, 0.2),
      ]).flat(),
      ...norm('ln_f', width),
    ],
  };
}

function pythia14m(context = 2048): Shape {
  const [width, layers, vocabulary] = [128, 6, 50_304];
  const down = (name: string, outputs: number, inputs: number, gain: number) =>
    matrix(name, [outputs, inputs], inputs, gain);
  return {
    config: {
      model_type: 'gpt_neox',
      architectures: ['GPTNeoXForCausalLM'],
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: 4,
      intermediate_size: 4 * width,
      max_position_embeddings: context,
      vocab_size: vocabulary,
      layer_norm_eps: 1e-5,
      hidden_act: 'gelu',
      rotary_pct: 0.25,
      rotary_emb_base: 10_000,
      use_parallel_residual: true,
      tie_word_embeddings: false,
      bos_token_id: 0,
      eos_token_id: 0,
    },
    tensors: () => [
      { name: 'gpt_neox.embed_in.weight', shape: [vocabulary, width], mean: 0, deviation: 0.1 },
      ...Array.from({ length: layers }, (_, layer) => {
        const part = `gpt_neox.layers.${layer}`;
        return [
          ...norm(`${part}.input_layernorm`, width),
          ...norm(`${part}.post_attention_layernorm`, width),
          ...down(`${part}.attention.query_key_value`, 3 * width, width, 1.4),
          ...down(`${part}.attention.dense`, width, width, 0.2),
          ...down(`${part}.mlp.dense_h_to_4h`, 4 * width, width, 0.7),
          ...down(`${part}.mlp.dense_4h_to_h`, width, 4 * width, 0.2),
        ];
      }).flat(),
      ...norm('gpt_neox.final_layer_norm', width),
      { name: 'embed_out.weight', shape: [vocabulary, width], mean: 0, deviation: 0.02 },
    ],
  };
}
