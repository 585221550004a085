import { embedTokens } from '../blocks/linear.ts';
import type { Norm } from '../blocks/normalization.ts';
import { preNorm, type Residual } from '../blocks/residual.ts';
import { rotaryTables, type Rotary, type RotaryTables } from '../blocks/rotary.ts';
import { selfAttention, type SelfAttention } from '../blocks/self-attention.ts';
import { unembedding } from '../blocks/unembedding.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import type { LayerDescription } from '../sequence.ts';
import type { LogitsBuilder, ModelScopes } from './architecture.ts';
import type { DecoderSizes } from './decoder.ts';

/** What a family that is laid out and named as Llama does in each place. */
interface LlamaLike {
  readonly sizes: DecoderSizes;
  readonly norm: Norm;
  /** Whether the head is the embedding. */
  readonly isTied: boolean;
  /** The head's bias, `NAME.bias`; none if left out. */
  readonly headBias?: string;
  /** By layer; undefined for a layer without positions. */
  readonly rotary: (layer: LayerDescription) => Rotary | undefined;
  /** What differs from plain attention with 1 / sqrt(size) as its scale. */
  readonly attention?: (layer: LayerDescription, root: Scope) => Partial<SelfAttention>;
  /** Attention of another build, with the tensors below `layers.N.self_attn`; `attention` is then left out. */
  readonly attend?: (scope: LayerScope, x: Value, turns: RotaryTables) => Value;
  /** What layers without a pattern do in place of attending, with the tensors of the layer. */
  readonly instead?: (layer: LayerScope, x: Value) => Value;
  /** With the tensors below `layers.N.mlp`, unless it goes elsewhere. */
  readonly feedForward: (layer: LayerScope, x: Value) => Value;
  /** Llama's two norms before the halves if left out. */
  readonly residual?: Residual;
  /** What the embeddings are multiplied by. */
  readonly embeddingScale?: number;
  /** What is done to the embeddings then. */
  readonly adjustEmbedding?: (x: Value) => Value;
  /** What the attention's tensors stand below in a layer; `self_attn` if left out. */
  readonly attentionName?: string;
  /** What the logits are multiplied by. */
  readonly logitScale?: number;
  /** What is done to the logits then. */
  readonly adjustLogits?: (graph: Scope['graph'], logits: Value) => Value;
  readonly finalNorm?: string;
}

/** Builds a decoder with Llama's names: `embed_tokens`, `layers.N.self_attn.q_proj`, `norm`, `lm_head`. */
export function buildLlamaLike({ self }: ModelScopes, spec: LlamaLike): LogitsBuilder {
  const { sizes, norm, isTied, headBias, embeddingScale = 1, adjustLogits, finalNorm = 'norm' } = spec;
  const { width, vocabulary, size } = sizes;
  const residual = spec.residual ?? preNorm();
  const { graph } = self;
  const turns = turnsOf(self, spec.rotary);
  const attend = (scope: LayerScope, x: Value, attention: SelfAttention) =>
    spec.attend === undefined || attention.turns === undefined
      ? selfAttention(scope, x, attention)
      : spec.attend(scope, x, attention.turns);
  const embedded = graph.scale(embedTokens(self, 'embed_tokens', vocabulary, width), embeddingScale);
  const start = spec.adjustEmbedding === undefined ? embedded : spec.adjustEmbedding(embedded);
  const stream = self.layers('layers', start, (layer, x) => {
    const plain = { ...sizes, turns: turns(layer.layer), scale: 1 / Math.sqrt(size) };
    const attention = { ...plain, ...spec.attention?.(layer.layer, self) };
    return residual(layer, x, {
      norm,
      attention: (source) =>
        layer.layer.kind === 'none' && spec.instead !== undefined
          ? spec.instead(layer, source)
          : attend(layer.at(spec.attentionName ?? 'self_attn'), source, attention),
      feedForward: (source) => spec.feedForward(layer, source),
    });
  });
  const adjust = (logits: Value) => {
    const scaled = graph.scale(logits, spec.logitScale ?? 1);
    return adjustLogits === undefined ? scaled : adjustLogits(graph, scaled);
  };
  const head = isTied ? 'embed_tokens' : 'lm_head';
  const bias = headBias === undefined ? undefined : `${headBias}.bias`;
  return unembedding(self, stream, { width, vocabulary, norm, normName: finalNorm, head, bias, adjust });
}

/** The turns of each layer; layers with one setting share their tables. */
function turnsOf(
  scope: Scope,
  rotary: LlamaLike['rotary'],
): (layer: LayerDescription) => RotaryTables | undefined {
  const made = new Map<Rotary, RotaryTables>();
  return (layer) => {
    const setting = rotary(layer);
    if (setting === undefined) return undefined;
    const tables = made.get(setting) ?? rotaryTables(scope, setting);
    made.set(setting, tables);
    return tables;
  };
}
