import type { HeadExtra } from './extras.ts';
import type { GraphBuilder, Value } from './graph/graph-builder.ts';
import type { LayerDescription, Sequence } from './sequence.ts';
import type { NamedTensor, TensorFinder } from './tensors.ts';
import { widenWeight } from './widen-weight.ts';

/** A part of a model while its graph is built: the tensors below a name, and the sequence that the part reads. */
export interface Scope {
  readonly graph: GraphBuilder;
  readonly sequence: Sequence;
  /** What stands before the names of its tensors. */
  readonly path: string;
  /** The layer that the part belongs to; outside of layers, undefined. */
  readonly layer: LayerDescription | undefined;
  /** The part below `name.`. */
  at(name: string): Scope;
  /** The part below a name that is not below this one: a layer's that others share. */
  elsewhere(name: string): Scope;
  has(name: string): boolean;
  /** The shape that a tensor has in the checkpoint, for those whose sides the config does not tell. */
  shapeOf(name: string): readonly number[] | undefined;
  /** @throws AtlasError of a tensor that is missing or does not fit the config */
  tensor(name: string, shape: readonly number[], types?: readonly string[]): NamedTensor;
  /** The tensor as float32. */
  weight(name: string, shape: readonly number[]): Value;
  /** The part of the tensor at one index of its first axis, as float32. */
  part(name: string, shape: readonly number[], index: number): Value;
  /** Gives out the layer's pattern, float32 `[batch, heads, n, n]`. */
  pattern(value: Value): void;
  /** Gives out an extra of the layer's heads where it is asked for; without `make` the layer has none to give. */
  extra(name: HeadExtra, make: (() => Value) | undefined): void;
  /**
   * Says what is done to what the layer's attention writes before it is added to the stream, as far as that is linear;
   * undefined where no part of it is. Nothing is done where this is not called.
   */
  beforeStream(step: LinearStep | undefined): void;
  /** What the layer's heads read, `[batch, heads, n, size]`, edited where the graph takes edits. */
  edited(read: Value, heads: number, size: number): Value;
  /** Leads a stream through every layer, each with the tensors below `name.LAYER.`. */
  layers(name: string, stream: Value, step: (layer: LayerScope, stream: Value) => Value): Value;
}

/** A linear function of vectors of the stream, `[..., width]`. */
export type LinearStep = (written: Value) => Value;

/** A part of a layer. */
export interface LayerScope extends Scope {
  readonly layer: LayerDescription;
  at(name: string): LayerScope;
  elsewhere(name: string): LayerScope;
}

/** What a stack's scopes share. */
export interface StackParts {
  readonly graph: GraphBuilder;
  readonly sequence: Sequence;
  readonly tensors: TensorFinder;
  readonly layers: readonly LayerDescription[];
  readonly pattern: (layer: number, value: Value) => void;
  readonly extra: (layer: number, name: HeadExtra, make: (() => Value) | undefined) => void;
  readonly beforeStream: (layer: number, step: LinearStep | undefined) => void;
  readonly edited: (layer: number, read: Value, heads: number, size: number) => Value;
}

/** The scope of a whole stack. */
export function stackScope(parts: StackParts): Scope {
  return scopeOf(parts, '', undefined);
}

/** The same layer in another stack: what a decoder's layer attends to in the encoder. */
export function layerIn(parts: StackParts, { path, layer }: LayerScope): LayerScope {
  const there = parts.layers[layer.index];
  if (there === undefined) throw new RangeError('The other stack has no such layer');
  return scopeOf<LayerDescription>(parts, path, there);
}

/** The scope of a layer, or of what stands outside of layers. */
type ScopeOf<L> = L extends LayerDescription ? LayerScope : Scope;

function scopeOf<L extends LayerDescription | undefined>(
  parts: StackParts,
  path: string,
  layer: L,
): ScopeOf<L> {
  const { graph, sequence, tensors, layers } = parts;
  const tensor = (name: string, shape: readonly number[], types?: readonly string[]) =>
    tensors.get(path + name, shape, types);
  const widen = (found: NamedTensor, index?: number) =>
    widenWeight(graph, found, tensors.scaleOf(found), index);
  const scope: Scope = {
    graph,
    sequence,
    path,
    layer,
    at: (name) => scopeOf(parts, `${path}${name}.`, layer),
    elsewhere: (name: string) => scopeOf(parts, `${name}.`, layer),
    has: (name) => tensors.has(path + name),
    shapeOf: (name) => tensors.shapeOf(path + name),
    tensor,
    weight: (name, shape) => widen(tensor(name, shape)),
    part: (name, shape, index) => widen(tensor(name, shape), index),
    pattern(value) {
      parts.pattern(ownLayer(layer), value);
    },
    extra(name, make) {
      parts.extra(ownLayer(layer), name, make);
    },
    beforeStream(step) {
      parts.beforeStream(ownLayer(layer), step);
    },
    edited: (read, heads, size) => parts.edited(ownLayer(layer), read, heads, size),
    layers: (name, start, step) =>
      layers.reduce(
        (stream, each) =>
          step(scopeOf<LayerDescription>(parts, `${path}${name}.${each.index}.`, each), stream),
        start,
      ),
  };
  return scope as ScopeOf<L>;
}

function ownLayer(layer: LayerDescription | undefined): number {
  if (layer === undefined) throw new RangeError('A pattern belongs to a layer');
  return layer.index;
}
