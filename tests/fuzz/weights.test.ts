import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shardsOf } from '../../pipeline/checkpoint/weight-files.ts';
import { headerLength, parseSafetensorsHeader, SAFETENSORS_PREAMBLE } from '../../src/engine/safetensors.ts';
import type { TensorEntry } from '../../src/engine/tensors.ts';
import { readTorchTensors } from '../../src/engine/torch/torch-tensors.ts';
import { entryOffset, readZipDirectory } from '../../src/engine/torch/zip-directory.ts';
import { bytesSource } from '../unit/bytes-source.ts';
import type { Random } from '../unit/random.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, mutateJson } from './mutate.ts';

const ORACLE = join(import.meta.dirname, '../fixtures/oracle');
const safetensors = new Uint8Array(readFileSync(join(ORACLE, 'gpt2/model.safetensors')));
const zip = new Uint8Array(readFileSync(join(ORACLE, 'gpt2-bin/pytorch_model.bin')));

/** Every tensor that a reader gives lies inside its file. */
function checkInside(tensors: ReadonlyMap<string, TensorEntry>, size: number): void {
  for (const [name, { offset, length, shape }] of tensors) {
    const isInside = offset >= 0 && length >= 0 && offset + length <= size;
    if (!isInside || !Number.isSafeInteger(offset) || !shape.every((side) => Number.isSafeInteger(side)))
      throw new Error(`${name} lies outside of the file`);
  }
}

/** A file in which one stretch is damaged, the rest following as it was. */
function damage(bytes: Uint8Array, from: number, to: number, random: Random): Uint8Array {
  return Buffer.concat([
    bytes.subarray(0, from),
    mutateBytes(bytes.subarray(from, to), random),
    bytes.subarray(to),
  ]);
}

it('the header of safetensors', async () => {
  const size = headerLength(safetensors, 'm', safetensors.length);
  const file = safetensors.subarray(0, SAFETENSORS_PREAMBLE + size);
  const answers = await fuzz((random) => {
    const bytes = mutateBytes(file, random);
    const claimed = safetensors.length - file.length + bytes.length;
    const length = headerLength(bytes, 'm', claimed);
    const json = bytes.subarray(SAFETENSORS_PREAMBLE, SAFETENSORS_PREAMBLE + length);
    checkInside(parseSafetensorsHeader(json, 'm', claimed), claimed);
  });
  expect(answers).toBeGreaterThan(0);
});

it('the values of a header of safetensors', async () => {
  const size = headerLength(safetensors, 'm', safetensors.length);
  const header = JSON.parse(Buffer.from(safetensors.subarray(8, 8 + size)).toString()) as Record<
    string,
    unknown
  >;
  const few = Object.fromEntries(Object.entries(header).slice(0, 4));
  await fuzz((random) => {
    const json = Buffer.from(JSON.stringify(mutateJson(few, random) ?? null));
    checkInside(parseSafetensorsHeader(json, 'm', safetensors.length), safetensors.length);
  });
});

it('the index of shards', async () => {
  const path = join(ORACLE, 'gpt2-sharded/model.safetensors.index.json');
  const index = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const few = {
    ...index,
    weight_map: Object.fromEntries(Object.entries(index.weight_map as object).slice(0, 5)),
  };
  const answers = await fuzz((random) => {
    const index = mutateJson(few, random) as Record<string, unknown> | null | undefined;
    const names = shardsOf(index ?? {}, path);
    for (const name of names) if (!/^[\w.-]+$/u.test(name) || /^\.+$/u.test(name)) throw new Error(name);
  });
  expect(answers).toBeGreaterThan(0);
});

it('the directory of a zip', async () => {
  const entries = await readZipDirectory(bytesSource(zip, 'z'));
  const data = entries.find(({ name }) => name.endsWith('data.pkl'));
  expect(data).toBeDefined();
  const end = zip.length;
  const answers = await fuzz(async (random) => {
    const bytes = damage(zip.subarray(Math.max(0, end - 4096)), 0, 4096, random);
    const source = bytesSource(bytes, 'z');
    for (const entry of await readZipDirectory(source)) await entryOffset(source, entry);
  });
  expect(answers).toBeGreaterThanOrEqual(0);
});

it('the pickle of tensors', async () => {
  const source = bytesSource(zip, 'z');
  const list = (await readZipDirectory(source)).find(({ name }) => name.endsWith('data.pkl'));
  if (list === undefined) throw new Error('The fixture has no pickle');
  const from = await entryOffset(source, list);
  const answers = await fuzz(async (random) => {
    const pickle = mutateBytes(zip.subarray(from, from + list.length), random).subarray(0, list.length);
    const bytes = Uint8Array.from(zip);
    bytes.set(pickle, from);
    checkInside(await readTorchTensors(bytesSource(bytes, 'z')), bytes.length);
  });
  expect(answers).toBeGreaterThan(0);
});
