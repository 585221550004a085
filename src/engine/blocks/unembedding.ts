import type { LogitsBuilder } from '../architectures/architecture.ts';
import type { Value } from '../graph/graph-builder.ts';
import type { Scope } from '../scope.ts';
import { linear, selectRows } from './linear.ts';
import type { Norm } from './normalization.ts';

interface Unembedding {
  readonly width: number;
  readonly vocabulary: number;
  /** The final norm, with the tensors below `normName`. */
  readonly norm: Norm;
  readonly normName: string;
  /** The matrix `NAME.weight`, `[vocabulary, width]`; the embedding where they are tied. */
  readonly head: string;
  /** A tensor `[vocabulary]` that is added to the logits. */
  readonly bias?: string | undefined;
  /** What is done to the logits then, such as a soft cap. */
  readonly adjust?: ((logits: Value) => Value) | undefined;
}

/** The logits of a stream, `[tokens, width]`, by a final norm and a matrix. */
export function unembedding(
  scope: Scope,
  stream: Value,
  { width, vocabulary, norm, normName, head, bias, adjust }: Unembedding,
): LogitsBuilder {
  const { graph } = scope;
  const logits = () => {
    const plain = linear(scope, head, norm(scope, normName, stream), { inputs: width, outputs: vocabulary });
    const sum = bias === undefined ? plain : graph.add(plain, scope.weight(bias, [vocabulary]));
    return adjust === undefined ? sum : adjust(sum);
  };
  const { linear: part } = norm;
  if (part === undefined) return logits;
  return Object.assign(logits, {
    effects: logitEffects(
      scope,
      (written) => part(scope, normName, written),
      () => ({
        rows: selectRows(scope, head, scope.sequence.ids, [vocabulary, width]),
        all: scope.weight(`${head}.weight`, [vocabulary, width]),
      }),
    ),
  });
}

/**
 * `effects` of a LogitsBuilder.
 *
 * @param norm the linear part of the final norm
 * @param read the rows of the unembedding for the sequence's tokens, `[batch, n, width]`, and all of it, `[vocabulary, width]`
 */
export function logitEffects(
  { graph }: Scope,
  norm: (written: Value) => Value,
  read: () => { readonly rows: Value; readonly all: Value },
): (written: Value) => Value {
  let directions: Value | undefined; // [batch, 1, width, n]
  const make = () => {
    const { rows, all } = read();
    const mean = graph.op('ReduceMean', [all, graph.integers([0])], { keepdims: { int: 0 } });
    const beyond = graph.transpose(graph.subtract(rows, mean), [0, 2, 1]);
    return graph.op('Unsqueeze', [beyond, graph.integers([1])]);
  };
  return (written) => graph.matmul(norm(written), (directions ??= make()));
}
