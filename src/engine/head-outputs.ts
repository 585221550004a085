import type { Stack } from '../schema/stacks.ts';
import {
  HEAD_EXTRAS,
  type EditPoint,
  type ExtraName,
  type GivenHeadExtra,
  type HeadExtra,
} from './extras.ts';
import { GRAPH_NAMES, SIDES } from './graph-names.ts';
import type { LogitsBuilder } from './architectures/architecture.ts';
import type { GraphBuilder, Value } from './graph/graph-builder.ts';
import type { LinearStep, StackParts } from './scope.ts';

/** What a graph is asked for of the heads. */
export interface HeadRequest {
  /** What is computed beside the patterns, from the same run. */
  readonly extras?: readonly ExtraName[];
  /** Whether the graph takes masks and replacements of heads as inputs. */
  readonly headEdits?: boolean;
  /** Only these stacks; all if left out. Their graph asks for no more input than they need. */
  readonly only?: readonly Stack[];
}

/** What the heads of a layer write to the stream by key, `[batch, heads, keys, width]`; undefined where that is not linear. */
interface Written {
  readonly stack: Stack;
  readonly layer: number;
  readonly heads: number;
  readonly make: () => Value | undefined;
}

/** Outputs the extras of heads that a graph is asked for, and makes the inputs that edit heads. */
export function headOutputs(graph: GraphBuilder, { extras = [], headEdits = false, only }: HeadRequest) {
  const given: GivenHeadExtra[] = [];
  const missing = new Set<HeadExtra>();
  const points: EditPoint[] = [];
  const wantsEffects = extras.includes('logit-effects');
  const effects: Written[] = [];
  const give = (name: HeadExtra, { stack, layer, heads }: Omit<Written, 'make'>, value: Value) => {
    const output = GRAPH_NAMES.headExtra(name, stack, layer);
    const shape = ['batch', heads, ...sidesOf(name, stack, layer)];
    graph.output(value, { name: output, type: 'FLOAT', shape });
    given.push({ name, stack, layer, output });
  };
  return {
    given,
    points,
    /** Gives what waited for the head, which is built behind all layers. */
    finish(head: LogitsBuilder | undefined) {
      if (!wantsEffects) return;
      for (const { make, ...of } of effects) {
        const written = head?.effects && of.stack === 'self' ? make() : undefined;
        const value = written && head?.effects?.(written);
        if (value === undefined) missing.add('logit-effects');
        else give('logit-effects', of, value);
      }
    },
    /** Those that a layer has none of, and those that no layer was asked for. */
    unavailable: () =>
      HEAD_EXTRAS.filter(
        (name) => extras.includes(name) && (missing.has(name) || !given.some((each) => each.name === name)),
      ),
    /** A stack's part of it. */
    of(stack: Stack, heads: number): Pick<StackParts, 'extra' | 'beforeStream' | 'edited'> {
      const isLeftOut = only?.includes(stack) === false;
      const steps = new Map<number, LinearStep | undefined>();
      return {
        extra(layer, name, make) {
          if (isLeftOut || !extras.includes(name)) return;
          if (make === undefined) {
            missing.add(name);
          } else if (name === 'logit-effects') {
            const through = () => {
              const step = steps.has(layer) ? steps.get(layer) : (written: Value) => written;
              return step?.(make());
            };
            effects.push({ stack, layer, heads, make: through });
          } else {
            give(name, { stack, layer, heads }, make());
          }
        },
        beforeStream(layer, step) {
          steps.set(layer, step);
        },
        edited(layer, read, count, size) {
          if (isLeftOut || !headEdits) return read;
          const input = (name: string, shape: number[]) => graph.input({ name, type: 'FLOAT', shape });
          const mask = input(GRAPH_NAMES.mask(stack, layer), [count]);
          const replacement = input(GRAPH_NAMES.replacement(stack, layer), [count, size]);
          points.push({ stack, layer, heads: count, size, mask, replacement });
          const share = graph.reshape(mask, [count, 1, 1]);
          const rest = graph.subtract(graph.floats([1]), share);
          const added = graph.multiply(rest, graph.reshape(replacement, [count, 1, size]));
          return graph.add(graph.multiply(read, share), added); // [batch, heads, n, size]
        },
      };
    },
  };
}

/** Names of the sides behind the heads. */
function sidesOf(name: HeadExtra, stack: Stack, layer: number): readonly string[] {
  switch (name) {
    case 'value-norms':
      return [SIDES[stack][1]];
    case 'scores':
      return SIDES[stack];
    case 'logit-effects':
      return [SIDES[stack][1], SIDES[stack][1]];
    case 'head-means':
      return [`size.${stack}.${layer}`]; // layers may differ
  }
}
