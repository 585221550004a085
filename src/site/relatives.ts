import type { AtlasData } from '../content-loader/atlas-data.ts';
import { headSpace, type HeadSpace } from '../core/relatives/head-space.ts';
import { decodeSketch } from '../core/relatives/sketch-text.ts';
import { nearestHeads } from '../core/relatives/nearest-heads.ts';
import type { PatternsApart, SketchedHead } from '../core/relatives/pattern-space.ts';
import type { HeadRecord } from '../schema/records.ts';
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

const spaces = new WeakMap<
  AtlasData,
  { readonly space: HeadSpace; readonly places: ReadonlyMap<string, number> }
>();

/**
 * The heads that are most like one, in its own model and in others; other checkpoints of its series are left out, for the same
 * head stands there. None in an atlas of more than 50,000 heads.
 */
export function relativesOf(
  data: AtlasData,
  head: HeadRecord,
): { readonly own: RelatedHead[]; readonly others: RelatedHead[] } {
  if (data.heads.length > MOST_HEADS) return { own: [], others: [] };
  const { space, places } = spaceOf(data);
  const place = places.get(head.id);
  if (place === undefined) return { own: [], others: [] };
  const series = data.model(head.model).series?.name;
  const elsewhere = new Set(
    data.models.flatMap(({ id, series: its }) =>
      id === head.model || (series !== undefined && its?.name === series) ? [] : [id],
    ),
  );
  const isOwn = (other: number) => data.heads[other]?.model === head.model;
  const isElsewhere = (other: number) => elsewhere.has(data.heads[other]?.model ?? '');
  const find = (isAsked: (other: number) => boolean) =>
    nearestHeads(space, place, SHOWN, isAsked).flatMap(({ head: other, ...rest }) => {
      const found = data.heads[other];
      return found === undefined ? [] : [{ head: found, ...rest }];
    });
  return { own: find(isOwn), others: find(isElsewhere) };
}

function spaceOf(data: AtlasData) {
  const known = spaces.get(data);
  if (known !== undefined) return known;
  const names = headMetrics(data.atlas).map(({ name }) => name);
  const described = data.heads.map((head) => ({ metrics: head.metrics, patterns: sketchedHead(data, head) }));
  const made = {
    space: headSpace(described, names),
    places: new Map(data.heads.map(({ id }, place) => [id, place])),
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
