import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export type WeightType = 'F32' | 'F16' | 'BF16';

const HIDDEN = 768;
const LAYERS = 12;
const VOCABULARY = 50257;
const CONTEXT = 1024;
const BLOCK = 1 << 22;

/** Writes a model of GPT-2-small shape with random weights into a folder: config.json and model.safetensors. */
export function randomGpt2(folder: string, type: WeightType): void {
  const config = {
    model_type: 'gpt2',
    n_embd: HIDDEN,
    n_layer: LAYERS,
    n_head: 12,
    n_positions: CONTEXT,
    n_ctx: CONTEXT,
    vocab_size: VOCABULARY,
    layer_norm_epsilon: 1e-5,
    activation_function: 'gelu_new',
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const width = type === 'F32' ? 4 : 2;
  let end = 0;
  const entries = shapes().map(([name, shape]) => {
    const start = end;
    end += shape.reduce((product, side) => product * side, width);
    return [name, { dtype: type, shape, data_offsets: [start, end] }] as const;
  });
  const text = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(file, Buffer.concat([length, header]));
  const block = randomBlock(type);
  for (let left = end; left > 0; left -= block.length)
    writeSync(file, block, 0, Math.min(left, block.length));
  closeSync(file);
}

function shapes(): [name: string, shape: number[]][] {
  const norm = (name: string): [string, number[]][] => [
    [`${name}.weight`, [HIDDEN]],
    [`${name}.bias`, [HIDDEN]],
  ];
  const linear = (name: string, rows: number, columns: number): [string, number[]][] => [
    [`${name}.weight`, [rows, columns]],
    [`${name}.bias`, [columns]],
  ];
  const layers = Array.from({ length: LAYERS }, (_, layer) => [
    ...norm(`h.${layer}.ln_1`),
    ...linear(`h.${layer}.attn.c_attn`, HIDDEN, 3 * HIDDEN),
    ...linear(`h.${layer}.attn.c_proj`, HIDDEN, HIDDEN),
    ...norm(`h.${layer}.ln_2`),
    ...linear(`h.${layer}.mlp.c_fc`, HIDDEN, 4 * HIDDEN),
    ...linear(`h.${layer}.mlp.c_proj`, 4 * HIDDEN, HIDDEN),
  ]);
  return [
    ['wte.weight', [VOCABULARY, HIDDEN]],
    ['wpe.weight', [CONTEXT, HIDDEN]],
    ...layers.flat(),
    ...norm('ln_f'),
  ];
}

/** Numbers between 2^-6 and 2^-5 of either sign; float32 and bfloat16 share their upper half. */
function randomBlock(type: WeightType): Buffer {
  const block = Buffer.alloc(BLOCK);
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  for (let at = 0; at < BLOCK; at += 2) {
    const isUpper = type === 'F32' ? at % 4 === 2 : true;
    const sign = random() % 2 === 0 ? 0x8000 : 0;
    if (!isUpper) block.writeUInt16LE(random() & 0xffff, at);
    else if (type === 'F16') block.writeUInt16LE(sign | (9 << 10) | (random() & 0x3ff), at);
    else block.writeUInt16LE(sign | (121 << 7) | (random() & 0x7f), at);
  }
  return block;
}
