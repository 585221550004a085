import type { LayerDescription, Visibility } from '../sequence.ts';
import type { FamilyModel, StackDescription } from './architecture.ts';

interface EncoderFacts {
  readonly width: number;
  readonly vocabulary: number;
  readonly context: number | null;
  readonly heads: number;
  readonly layers: number;
}

/** The description of a model whose one stack sees the whole text. */
export function describeEncoder({
  width,
  vocabulary,
  context,
  heads,
  layers,
}: EncoderFacts): FamilyModel['description'] {
  return {
    hiddenSize: width,
    vocabularySize: vocabulary,
    context,
    stacks: [{ stack: 'self', layout: 'square', heads, layers: layersOf(layers, { kind: 'bidirectional' }) }],
  };
}

interface HalfFacts {
  readonly heads: number;
  /** What each layer sees, or how many there are that see all (of the decoder: all before). */
  readonly layers: number | readonly Visibility[];
}

interface PairFacts extends Omit<EncoderFacts, 'heads' | 'layers'> {
  readonly encoder: HalfFacts;
  readonly decoder: HalfFacts;
}

/** The description of an encoder-decoder: what the encoder sees, what the decoder does, and what it sees of the encoder. */
export function describePair({
  width,
  vocabulary,
  context,
  encoder,
  decoder,
}: PairFacts): FamilyModel['description'] {
  const count = typeof decoder.layers === 'number' ? decoder.layers : decoder.layers.length;
  const stacks: readonly StackDescription[] = [
    {
      stack: 'encoder',
      layout: 'square',
      heads: encoder.heads,
      layers: seen(encoder.layers, { kind: 'bidirectional' }),
    },
    {
      stack: 'decoder',
      layout: 'causal',
      heads: decoder.heads,
      layers: seen(decoder.layers, { kind: 'full' }),
    },
    {
      stack: 'cross',
      layout: 'rectangle',
      heads: decoder.heads,
      layers: layersOf(count, { kind: 'bidirectional' }),
    },
  ];
  return { hiddenSize: width, vocabularySize: vocabulary, context, stacks };
}

function seen(layers: number | readonly Visibility[], visibility: Visibility): LayerDescription[] {
  if (typeof layers === 'number') return layersOf(layers, visibility);
  return layers.map((each, index) => ({ index, hasPattern: true, ...each }));
}

function layersOf(count: number, visibility: Visibility): LayerDescription[] {
  return Array.from({ length: count }, (_, index) => ({ index, hasPattern: true, ...visibility }));
}
