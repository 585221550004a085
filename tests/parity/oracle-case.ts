import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerLength, parseSafetensorsHeader, SAFETENSORS_PREAMBLE } from '../../src/engine/safetensors.ts';

/** What a layer's queries see, as case.json says it. */
export interface OracleLayer {
  readonly kind: 'full' | 'sliding' | 'chunked' | 'bidirectional' | 'none';
  readonly window?: number;
  readonly chunk?: number;
}

/** case.json of a fixture. */
export interface OracleCase {
  readonly name: string;
  readonly kind: 'causal' | 'encoder' | 'encdec';
  readonly exercises: string;
  readonly lengths: readonly number[];
  readonly rows_sum_to_one: boolean;
  readonly tolerance: { readonly attentions_max_abs: number; readonly logits_max_rel: number };
  readonly layers?: readonly OracleLayer[];
  readonly attention_layers?: readonly number[];
}

interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What the reference computed: expected.safetensors by name, and token ids as numbers. */
export interface Expected {
  tensor(name: string): ExpectedTensor | undefined;
  ids(name: string): number[] | undefined;
}

export function readCase(folder: string): OracleCase {
  return JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as OracleCase;
}

export function readExpected(folder: string): Expected {
  const bytes = readFileSync(join(folder, 'expected.safetensors'));
  const length = headerLength(bytes.subarray(0, SAFETENSORS_PREAMBLE), 'expected.safetensors', bytes.length);
  const json = bytes.subarray(SAFETENSORS_PREAMBLE, SAFETENSORS_PREAMBLE + length);
  const header = parseSafetensorsHeader(json, 'expected.safetensors', bytes.length);
  const raw = (name: string) => {
    const entry = header.get(name);
    if (entry === undefined) return undefined;
    const copy = Uint8Array.from(bytes.subarray(entry.offset, entry.offset + entry.length));
    return { shape: entry.shape, buffer: copy.buffer };
  };
  return {
    tensor(name) {
      const found = raw(name);
      return found && { shape: found.shape, values: new Float32Array(found.buffer) };
    },
    ids(name) {
      const found = raw(name);
      return found && Array.from(new BigInt64Array(found.buffer), Number);
    },
  };
}

/** The picture or sound that a case reads in place of ids, as one of a batch. */
export function readSignal(expected: Expected, k: number): ExpectedTensor | undefined {
  const found = expected.tensor(`pixel_values_${k}`) ?? expected.tensor(`input_values_${k}`);
  return found && { shape: [1, ...found.shape], values: found.values };
}

/** Whether query i may see key j. */
export function isVisible({ kind, window = 0, chunk = 1 }: OracleLayer, i: number, j: number): boolean {
  switch (kind) {
    case 'bidirectional':
      return true;
    case 'sliding':
      return j <= i && i - j < window;
    case 'chunked':
      return j <= i && Math.floor(i / chunk) === Math.floor(j / chunk);
    case 'full':
      return j <= i;
    case 'none':
      return false;
  }
}

export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < actual.length; index++) {
    const difference = Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

export function largestMagnitude(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
