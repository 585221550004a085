import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import runtimeUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { LiveOffer } from '../components/live/live-model.ts';
import type { ModelRecord } from '../schema/records.ts';
import { assets, withBase } from '../schema/urls.ts';

const RUNTIME = 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';

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
  const bytes = await readFile(resolve(RUNTIME));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { runtime: { name: basename(RUNTIME), url: runtimeUrl, bytes: bytes.length, sha256 }, models: live };
}
