import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { openCheckpoint } from '../../pipeline/checkpoint/open-checkpoint.ts';
import { inWorkingFolder } from '../../pipeline/runtime/working-folder.ts';
import { buildGraph } from '../../src/engine/build-graph.ts';
import { GRAPH_NAMES } from '../../src/engine/graph-names.ts';
import { readCase, readExpected } from './oracle-case.ts';

const ROOT = join(import.meta.dirname, '../fixtures/oracle');

/** Int64 `[rows, n]`. */
function toTensor(rows: readonly (readonly number[])[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]?.length ?? 0]);
}

it.each(readdirSync(ROOT))('%s: a prompt has the same pattern alone and in a batch', async (name) => {
  const folder = join(ROOT, name);
  const expected = readExpected(folder);
  const ids = expected.ids('input_ids_0');
  if (ids === undefined) return; // reads no tokens
  const decoderIds = expected.ids('decoder_input_ids_0');
  const prompts = [ids, ids.toReversed(), ids.map((id) => (id * 7 + 3) % 80)];
  const targets = [decoderIds, decoderIds?.toReversed(), decoderIds?.map((id) => (id * 5 + 2) % 80)];

  const { model, tensors } = await openCheckpoint(folder);
  const graph = buildGraph(model, tensors, { logits: false });
  const session = await inWorkingFolder(folder, () =>
    InferenceSession.create(graph.bytes, { intraOpNumThreads: 1 }),
  );
  const run = (rows: readonly number[]) => {
    const feeds = {
      [GRAPH_NAMES.ids]: toTensor(rows.map((row) => prompts[row] ?? [])),
      ...(readCase(folder).kind === 'encdec'
        ? { [GRAPH_NAMES.decoderIds]: toTensor(rows.map((row) => targets[row] ?? [])) }
        : {}),
    };
    return session.run(feeds);
  };
  const together = await run([0, 1, 2]);
  for (const row of [0, 1, 2]) {
    const alone = await run([row]);
    for (const [output, { data }] of Object.entries(alone)) {
      const size = data.length;
      const part = (together[output]?.data as Float32Array).subarray(row * size, (row + 1) * size);
      const worst = part.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (data[at] as number))),
        0,
      );
      expect(worst).toBeLessThan(2e-6);
    }
  }
  await session.release();
});
