import type { AtlasData } from '../content-loader/atlas-data.ts';
import { headSpace, type HeadSpace } from '../core/relatives/head-space.ts';
import { decodeSketch } from '../core/relatives/sketch-text.ts';
import { nearestHeads } from '../core/relatives/nearest-heads.ts';
import type { PatternsApart, SketchedHead } from '../core/relatives/pattern-space.ts';
import type { HeadRecord, ModelRecord } from '../schema/records.ts';
import { headMetrics } from './metric-groups.ts';

/** A head that is like another one. */
export interface RelatedHead {
  readonly head: HeadRecord;
  readonly distance: number;
  /** The metric in which the two differ most. */
  readonly differsIn: string | undefined;
  /** Undefined where they share no prompts that both read as the same tokens. */
  readonly patterns: PatternsApart | undefined;
}

/** More heads than this are too many to compare each with each while a site is rendered. */
const MOST_HEADS = 50_000;
/** Of one's own model, and of others. */
const SHOWN = 3;

/** Heads as points, and where they stand among them. */
interface Placed {
  readonly space: HeadSpace;
  /** By a head's id. */
  readonly places: ReadonlyMap<string, number>;
  /** Of a model: the places of its heads, and of those that are no other checkpoint's of its series. */
  readonly ofModel: ReadonlyMap<string, { readonly own: readonly number[]; readonly others: Uint32Array }>;
}

const spaces = new WeakMap<AtlasData, Placed>();

/**
 * The heads that are most like one, in its own model and in others; other checkpoints of its series are left out, for the same
 * head stands there. None in an atlas of more than 50,000 heads.
 */
export function relativesOf(
  data: AtlasData,
  head: HeadRecord,
): { readonly own: RelatedHead[]; readonly others: RelatedHead[] } {
  if (data.heads.length > MOST_HEADS) return { own: [], others: [] };
  const { space, places, ofModel } = spaceOf(data);
  const place = places.get(head.id);
  const among = ofModel.get(head.model);
  if (place === undefined || among === undefined) return { own: [], others: [] };
  const find = (those: Iterable<number>) =>
    nearestHeads(space, place, SHOWN, those).flatMap(({ head: other, ...rest }) => {
      const found = data.heads[other];
      return found === undefined ? [] : [{ head: found, ...rest }];
    });
  return { own: find(among.own), others: find(among.others) };
}

function spaceOf(data: AtlasData): Placed {
  const known = spaces.get(data);
  if (known !== undefined) return known;
  const names = headMetrics(data.atlas).map(({ name }) => name);
  const described = data.heads.map((head) => ({ metrics: head.metrics, patterns: sketchedHead(data, head) }));
  const placesOf = Map.groupBy(data.heads.keys(), (place) => data.heads[place]?.model ?? '');
  const made = {
    space: headSpace(described, names),
    places: new Map(data.heads.map(({ id }, place) => [id, place])),
    ofModel: new Map(
      data.models.map(({ id, series }) => {
        const isOther = (model: ModelRecord) =>
          model.id !== id && (series === undefined || model.series?.name !== series.name);
        const others = data.models.filter(isOther).flatMap((model) => placesOf.get(model.id) ?? []);
        return [id, { own: placesOf.get(id) ?? [], others: Uint32Array.from(others) }];
      }),
    ),
  };
  spaces.set(data, made);
  return made;
}

function sketchedHead(data: AtlasData, { model, stack, sketch }: HeadRecord): SketchedHead | undefined {
  const bundles = data.model(model).stacks.find((each) => each.stack === stack)?.bundles;
  return sketch === undefined || bundles === undefined
    ? undefined
    : { sketch: decodeSketch(sketch), bundles };
}
