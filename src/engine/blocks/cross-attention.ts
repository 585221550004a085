import type { Value } from '../graph/graph-builder.ts';
import type { LayerScope, Scope } from '../scope.ts';
import { attend } from './attention.ts';
import { outputMatrix } from './head-extras.ts';
import { splitHeads } from './heads.ts';
import { linear } from './linear.ts';

interface CrossAttention {
  readonly width: number;
  /** Width of the encoder's stream; as the decoder's if left out. */
  readonly memoryWidth?: number;
  readonly heads: number;
  readonly shared?: number;
  readonly size: number;
  readonly bias?: boolean;
  readonly names: readonly [query: string, key: string, value: string, output: string];
  readonly scale: number;
  readonly cap?: number | undefined;
}

/**
 * Attention from a decoder's stream to an encoder's, both `[tokens, width]`.
 *
 * @param scope of the layer in the stack `cross`, at the attention's tensors
 * @param encoder the encoder's scope, whose sequence gives the keys
 */
export function crossAttention(
  scope: LayerScope,
  encoder: Scope,
  x: Value,
  memory: Value,
  options: CrossAttention,
): Value {
  const {
    width,
    memoryWidth = width,
    heads,
    shared = heads,
    size,
    bias = false,
    names,
    scale,
    cap,
  } = options;
  const keys = (name: string) => {
    const flat = linear(scope, name, memory, { inputs: memoryWidth, outputs: shared * size, bias });
    return splitHeads(encoder, flat, shared, size);
  };
  const queries = linear(scope, names[0], x, { inputs: width, outputs: heads * size, bias });
  const query = splitHeads(scope, queries, heads, size);
  const read = attend(scope, {
    query,
    key: keys(names[1]),
    value: keys(names[2]),
    heads,
    shared,
    valueSize: size,
    scale,
    cap,
    output: outputMatrix(scope, names[3], { heads, size, width }),
  });
  return linear(scope, names[3], read, { inputs: heads * size, outputs: width, bias });
}
