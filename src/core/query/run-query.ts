import type { HeadColumns } from './head-columns.ts';
import type { HeadSpan, Operator, Query, QueryField, Span } from './query.ts';

/**
 * Which heads a query finds: 1 for those, 0 for others, `[count]`. A metric that is not available for a head makes
 * every comparison with it false.
 */
export function runQuery(query: Query, columns: HeadColumns): Uint8Array {
  const { count } = columns;
  if (query.kind === 'all') return new Uint8Array(count).fill(1);
  if (query.kind === 'not') return runQuery(query.part, columns).map((found) => 1 - found);
  if (query.kind === 'match') {
    const models = columns.models.map((_, at) => matches(query.field, query.glob, columns, at));
    if (query.field !== 'stack') return mask(count, (at) => models[columns.model[at] ?? 0] ?? false);
    const form = globForm(query.glob);
    const stacks = columns.stacks.map((stack) => form.test(stack));
    return mask(count, (at) => stacks[columns.stack[at] ?? 0] ?? false);
  }
  if (query.kind === 'select') {
    return mask(count, (at) => selects(query.terms, columns.layer[at] ?? 0, columns.head[at] ?? 0));
  }
  if (query.kind === 'compare') {
    const value = numberOf(columns, query.name);
    const holds = COMPARISONS[query.operator];
    const constant = Math.fround(query.value); // means are float32, so that 0.2 is the mean that reads 0.2
    return mask(count, (at) => holds(value(at), constant));
  }
  const [first, ...rest] = query.parts.map((part) => runQuery(part, columns));
  const found = first ?? new Uint8Array(count);
  for (const other of rest) {
    for (let at = 0; at < count; at++) {
      const [a, b] = [found[at] ?? 0, other[at] ?? 0];
      found[at] = query.kind === 'and' ? a & b : a | b;
    }
  }
  return found;
}

// NaN, which stands for what is not available, fails each of these but the last, which asks for a number too.
const COMPARISONS: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a < b || a > b,
};

/** A number of each head by its name: a metric's mean, `layer`, `head`, or the training `step`. */
function numberOf(columns: HeadColumns, name: string): (at: number) => number {
  if (name === 'layer') return (at) => columns.layer[at] ?? NaN;
  if (name === 'head') return (at) => columns.head[at] ?? NaN;
  if (name === 'step') return (at) => columns.models[columns.model[at] ?? 0]?.series?.step ?? NaN;
  const values = columns.metrics.get(name);
  return (at) => values?.[at] ?? NaN;
}

function mask(count: number, holds: (at: number) => boolean): Uint8Array {
  const found = new Uint8Array(count);
  for (let at = 0; at < count; at++) found[at] = holds(at) ? 1 : 0;
  return found;
}

function matches(field: QueryField, glob: string, { models }: HeadColumns, at: number): boolean {
  const model = models[at];
  if (model === undefined) return false;
  const form = globForm(glob);
  if (field === 'model') return form.test(model.id) || form.test(model.name);
  if (field === 'family') return form.test(model.family);
  return field === 'series' && form.test(model.series?.name ?? '');
}

/** `*` for any letters, `?` for one; case aside. */
function globForm(glob: string): RegExp {
  const letters = glob.replace(/[.+^${}()|[\]\\/]/gu, String.raw`\$&`);
  return new RegExp(`^${letters.replaceAll(/\*+/gu, '.*').replaceAll('?', '.')}$`, 'iu');
}

function selects(terms: readonly HeadSpan[], layer: number, head: number): boolean {
  return terms.some(({ layers, heads }) => isIn(layers, layer) && isIn(heads, head));
}

function isIn({ first, last }: Span, value: number): boolean {
  return value >= first && value <= last;
}
