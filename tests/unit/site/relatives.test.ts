import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AtlasData } from '../../../src/content-loader/atlas-data.ts';
import type { HeadRecord } from '../../../src/schema/records.ts';
import { relativesOf } from '../../../src/site/relatives.ts';
import { random } from '../random.ts';
import { headRecord } from './records.ts';

const METRICS = ['previous-token', 'induction', 'entropy', 'first-token', 'gini'];

/** Models of `heads` heads each, of which `step-1` and `step-2` are checkpoints of one series. */
function atlas(heads: number): AtlasData {
  const numbers = random(7);
  const models = ['step-1', 'step-2', 'other'].map((id) => ({
    id,
    stacks: [],
    ...(id === 'other' ? {} : { series: { name: 'steps', step: 1 } }),
  }));
  const records = models.flatMap(({ id }) =>
    Array.from({ length: heads }, (_, head) =>
      headRecord(id, 0, head, Object.fromEntries(METRICS.map((name) => [name, numbers.next()]))),
    ),
  );
  const data = {
    atlas: { metrics: METRICS },
    models,
    heads: records,
    model: (id: string) => models.find((model) => model.id === id),
  };
  return data as unknown as AtlasData;
}

/** Puts heads beside the first one: of its own model, of the other checkpoint, and of the other model. */
function plant(data: AtlasData): HeadRecord {
  const [first] = data.heads as HeadRecord[];
  if (first === undefined) throw new RangeError('The atlas has no heads');
  const heads = data.heads as HeadRecord[];
  const perModel = heads.length / 3;
  for (const [at, place] of [
    7,
    70,
    perModel + 9,
    2 * perModel + 3,
    2 * perModel + 33,
    2 * perModel + 133,
  ].entries()) {
    const { model, layer, head } = heads[place] ?? first;
    const near = METRICS.map((name) => [name, (first.metrics[name]?.mean ?? 0) + (at + 1) / 1e4]);
    heads[place] = headRecord(model, layer, head, Object.fromEntries(near) as Record<string, number>);
  }
  return first;
}

const numbersOf = (found: readonly { readonly head: HeadRecord }[]) => found.map(({ head }) => head.head);

describe('relatives of a head', () => {
  afterEach(() => {
    vi.doUnmock('usearch');
  });

  it.each([300, 17_000])(
    'are those of its model and of others, not of its series: %d heads a model',
    async (heads) => {
      const data = atlas(heads);
      const { own, others } = await relativesOf(data, plant(data));
      expect(numbersOf(own).slice(0, 2)).toEqual([7, 70]);
      expect(numbersOf(others)).toEqual([3, 33, 133]);
      expect(new Set(others.map(({ head }) => head.model))).toEqual(new Set(['other']));
    },
  );

  it('are found without the index, too, which is said', async () => {
    vi.doMock('usearch', () => {
      throw new Error('no program for this system');
    });
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const data = atlas(17_000);
    const { others } = await relativesOf(data, plant(data));
    expect(numbersOf(others)).toEqual([3, 33, 133]);
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/51000 heads .* usearch/));
  });
});
