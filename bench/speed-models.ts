import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTokenizer } from '../pipeline/checkpoint/read-tokenizer.ts';
import { randomModel, type ShapeName } from './random-model.ts';
import { textPrompts } from './text-prompts.ts';

/** The shapes that are compared, each with the type of its weights on the hub. */
export const COMPARED = { gpt2: 'F32', 'pythia-14m': 'F16' } as const;

/** Writes a model of random weights into `folder/NAME`, as pattern-lens looks for it; its path. */
export function writeModel(folder: string, name: ShapeName): string {
  const model = join(folder, name);
  mkdirSync(model, { recursive: true });
  randomModel(model, name, COMPARED[name]);
  return model;
}

/** Writes `count` prompts of 64 to 127 tokens, one a line; the file's path. */
export async function writePrompts(folder: string, model: string, count: number): Promise<string> {
  const path = join(folder, `prompts-${count}.jsonl`);
  const texts = textPrompts(count, await readTokenizer(model));
  writeFileSync(path, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
  return path;
}
