import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import gpuUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import cpuUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { LiveFile, LiveOffer } from '../components/live/live-model.ts';
import type { ModelRecord } from '../schema/records.ts';
import { assets, withBase } from '../schema/urls.ts';

const RUNTIMES = 'node_modules/onnxruntime-web/dist';

/** What visitors can run in a page; undefined where the atlas ships no model to them. */
export async function liveOffer(
  models: readonly ModelRecord[],
  base: string,
): Promise<LiveOffer | undefined> {
  const live = models.flatMap(({ id, name, live: shipped }) =>
    shipped === undefined
      ? []
      : [
          {
            id,
            name,
            prependBos: shipped.prependBos,
            files: shipped.files.map((file) => ({
              ...file,
              url: withBase(base, assets.live(id, file.name)),
            })),
          },
        ],
  );
  if (live.length === 0) return undefined;
  runtimes ??= readRuntimes();
  return { runtimes: await runtimes, models: live };
}

/** Read once for all pages that run models. */
let runtimes: Promise<LiveOffer['runtimes']> | undefined;

async function readRuntimes(): Promise<LiveOffer['runtimes']> {
  const [gpu, cpu] = await Promise.all([
    runtimeFile('ort-wasm-simd-threaded.jspi.wasm', gpuUrl),
    runtimeFile('ort-wasm-simd-threaded.wasm', cpuUrl),
  ]);
  return { gpu, cpu };
}

async function runtimeFile(name: string, url: string): Promise<LiveFile> {
  const bytes = await readFile(resolve(RUNTIMES, name));
  return { name, url, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
