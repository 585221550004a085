import type { AtlasData } from '../content-loader/atlas-data.ts';
import { headSpace, type HeadSpace } from '../core/relatives/head-space.ts';
import { decodeSketch } from '../core/relatives/sketch-text.ts';
import { nearestHeads, type Relative } from '../core/relatives/nearest-heads.ts';
import type { PatternsApart, SketchedHead } from '../core/relatives/pattern-space.ts';
import { remember } from '../core/remember.ts';
import type { HeadRecord, ModelRecord } from '../schema/records.ts';
import { headMetrics } from './metric-groups.ts';
import { indexHeads, type NearHeads } from './near-heads.ts';

/** A head that is like another one. */
export interface RelatedHead {
  readonly head: HeadRecord;
  readonly distance: number;
  /** The metric in which the two differ most. */
  readonly differsIn: string | undefined;
  /** Undefined where they share no prompts that both read as the same tokens. */
  readonly patterns: PatternsApart | undefined;
}

/** More heads than this are too many to compare each with each while a site is rendered: an index says which to compare. */
const MOST_COMPARED = 50_000;
/** Of one's own model, and of others. */
const SHOWN = 3;

/** Heads as points, and where they stand among them. */
interface Placed {
  readonly space: HeadSpace;
  /** By a head's id. */
  readonly places: ReadonlyMap<string, number>;
  /** Of a model: the places of its heads. */
  ownOf(model: string): readonly number[];
  /** Of a model: whether a head is of another one that is no checkpoint of its series. */
  isOther(model: string): (place: number) => boolean;
  /** Of a model: the places of all of these. */
  othersOf(model: string): Uint32Array;
  /** Undefined where all are compared. */
  readonly index: NearHeads | undefined;
}

/**
 * The heads that are most like one, in its own model and in others; other checkpoints of its series are left out, for the same
 * head stands there. Those of its own model are compared one by one; those of others, too, where the atlas has 50,000 heads at
 * most, and beyond that those that an index finds near.
 */
export async function relativesOf(
  data: AtlasData,
  head: HeadRecord,
): Promise<{ readonly own: RelatedHead[]; readonly others: RelatedHead[] }> {
  const { space, places, index, ...heads } = await placed(data);
  const place = places.get(head.id);
  if (place === undefined) return { own: [], others: [] };
  const find = (among: Iterable<number>) => nearestHeads(space, place, SHOWN, among);
  const near = index === undefined ? [] : find(index.near(place, heads.isOther(head.model)));
  const others = near.length < SHOWN ? find(heads.othersOf(head.model)) : near;
  const withRecord = ({ head: other, ...rest }: Relative): RelatedHead[] => {
    const found = data.heads[other];
    return found === undefined ? [] : [{ head: found, ...rest }];
  };
  return {
    own: find(heads.ownOf(head.model)).flatMap(withRecord),
    others: others.flatMap(withRecord),
  };
}

const placed = remember(async (data: AtlasData): Promise<Placed> => {
  const names = headMetrics(data.atlas).map(({ name }) => name);
  const space = headSpace(
    data.heads.map((head) => ({ metrics: head.metrics, patterns: sketchedHead(data, head) })),
    names,
  );
  const ofModel = Map.groupBy(data.heads.keys(), (place) => data.heads[place]?.model ?? '');
  const unrelated = remember(
    (model: ModelRecord) =>
      new Set(data.models.filter((other) => isUnrelated(model, other)).map(({ id }) => id)),
  );
  const others = remember((model: ModelRecord) =>
    Uint32Array.from([...unrelated(model)].flatMap((id) => ofModel.get(id) ?? [])),
  );
  return {
    space,
    places: new Map(data.heads.map(({ id }, place) => [id, place])),
    ownOf: (model) => ofModel.get(model) ?? [],
    isOther(model) {
      const models = unrelated(data.model(model));
      return (place) => models.has(data.heads[place]?.model ?? '');
    },
    othersOf: (model) => others(data.model(model)),
    index: data.heads.length > MOST_COMPARED ? await indexIfPossible(space) : undefined,
  };
});

/** Without an index all heads are compared, which is right but takes long, and is said. */
async function indexIfPossible(space: HeadSpace): Promise<NearHeads | undefined> {
  try {
    return await indexHeads(space);
  } catch (error) {
    process.emitWarning(
      `Each of ${space.heads} heads is compared with all others to find its relatives, which can take hours: the package usearch, ` +
        `which finds near ones, does not run here (${String(error)}). Build on another system if that is too long.`,
    );
    return undefined;
  }
}

function isUnrelated(model: ModelRecord, other: ModelRecord): boolean {
  return other.id !== model.id && (model.series === undefined || other.series?.name !== model.series.name);
}

function sketchedHead(data: AtlasData, { model, stack, sketch }: HeadRecord): SketchedHead | undefined {
  const bundles = data.model(model).stacks.find((each) => each.stack === stack)?.bundles;
  return sketch === undefined || bundles === undefined
    ? undefined
    : { sketch: decodeSketch(sketch), bundles };
}
