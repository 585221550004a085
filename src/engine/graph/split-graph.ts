import { DATA_TYPES, type DataType, type OnnxGraph, type OnnxNode, type OnnxValue } from './onnx.ts';

/** A part of a graph, as a graph of its own that is run after the parts before it. */
export interface GraphPart {
  readonly graph: OnnxGraph;
  /** Values that it gives for later parts, among its outputs. */
  readonly given: readonly string[];
}

/**
 * Cuts a graph into parts that are run one after the other, each with what the ones before it hand over: values that
 * depend on the input and on weights. What depends on one of them alone (masks, tables of positions, widened weights) each
 * part computes for itself, as the whole graph does.
 *
 * A part ends behind the last node that uses what the node before an output of its group uses, so that what is as large
 * as a pattern need not be handed over.
 *
 * @param graph its nodes are in an order in which they can run
 * @param groups names of outputs, in the order of their nodes; outputs of no group go with the part that they fall into
 */
export function splitGraph(graph: OnnxGraph, groups: readonly (readonly string[])[]): GraphPart[] {
  const { nodes } = graph;
  const ends = partEnds(nodes, groups);
  const producers = new Map(nodes.flatMap((node, at) => node.outputs.map((name) => [name, at] as const)));
  const isHeavy = dependsOnBoth(graph);
  const types = typesOf(graph);
  const partOf = (at: number) => ends.findIndex((end) => at < end);
  const handed = ends.map(() => new Set<string>());

  const made = ends
    .map((_, part) => part)
    .toReversed()
    .map((part): GraphPart => {
      const outputs = graph.outputs.filter(({ name }) => partOf(producers.get(name) ?? 0) === part);
      const given = [...(handed[part] ?? [])];
      const kept = new Set<number>();
      const taken = new Set<string>();
      const needed = new Set<string>();
      const pending = [...outputs.map(({ name }) => name), ...given];
      for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
        if (needed.has(name)) continue;
        needed.add(name);
        const at = producers.get(name);
        if (at === undefined) continue;
        if (isHeavy.has(name) && partOf(at) < part) {
          taken.add(name);
          handed[partOf(at)]?.add(name);
          continue;
        }
        kept.add(at);
        pending.push(...namesIn(nodes[at]));
      }
      const typed = (name: string): OnnxValue => ({
        name,
        type: types.get(name) ?? 'FLOAT',
        shape: undefined,
      });
      return {
        graph: {
          nodes: nodes.filter((_, at) => kept.has(at)),
          initializers: graph.initializers.filter(({ name }) => needed.has(name)),
          inputs: [...graph.inputs.filter(({ name }) => needed.has(name)), ...[...taken].map(typed)],
          outputs: [...outputs, ...given.map(typed)],
        },
        given,
      };
    });
  return made.reverse();
}

/** Where each part ends: the index behind its last node. */
function partEnds(nodes: readonly OnnxNode[], groups: readonly (readonly string[])[]): number[] {
  const first = (group: readonly string[]) =>
    nodes.findIndex(({ outputs }) => outputs.some((name) => group.includes(name)));
  return groups.map((group, index) => {
    const next = groups[index + 1];
    if (next === undefined) return nodes.length;
    const limit = first(next);
    const sources = new Set(
      nodes.flatMap(({ inputs, outputs }) => (outputs.some((name) => group.includes(name)) ? inputs : [])),
    );
    const uses = ({ inputs, outputs }: OnnxNode) =>
      inputs.some((name) => sources.has(name)) || outputs.some((name) => group.includes(name));
    return nodes.slice(0, limit).findLastIndex(uses) + 1;
  });
}

/** The values that depend on the graph's inputs and on weights that lie in files. */
function dependsOnBoth({ nodes, inputs, initializers }: OnnxGraph): ReadonlySet<string> {
  const ofInput = new Set(inputs.map(({ name }) => name));
  const ofWeights = new Set(
    initializers.flatMap(({ name, data }) => (data instanceof Uint8Array ? [] : [name])),
  );
  for (const node of nodes) {
    const names = namesIn(node);
    for (const set of [ofInput, ofWeights]) {
      if (names.some((name) => set.has(name))) for (const name of node.outputs) set.add(name);
    }
  }
  return new Set([...ofInput].filter((name) => ofWeights.has(name)));
}

const BOOLEAN: ReadonlySet<string> = new Set([
  'Less',
  'LessOrEqual',
  'Greater',
  'GreaterOrEqual',
  'Equal',
  'And',
  'Or',
  'Not',
]);

/** The type of each value that a node gives. */
function typesOf({ nodes, inputs, initializers }: OnnxGraph): ReadonlyMap<string, DataType> {
  const types = new Map([...inputs, ...initializers].map(({ name, type }) => [name, type]));
  const cast = (node: OnnxNode): DataType | undefined => {
    const to = node.attributes.to;
    if (to === undefined || !('int' in to)) return undefined;
    return (Object.keys(DATA_TYPES) as DataType[]).find((type) => DATA_TYPES[type] === to.int);
  };
  for (const node of nodes) {
    const { op, inputs: from, outputs } = node;
    const [first = '', second = ''] = from;
    for (const [at, name] of outputs.entries()) {
      const type =
        op === 'Shape' || op === 'Size' || op === 'ArgMax' || op === 'NonZero' || (op === 'TopK' && at === 1)
          ? 'INT64'
          : BOOLEAN.has(op)
            ? 'BOOL'
            : op === 'Cast'
              ? cast(node)
              : types.get(op === 'Where' ? second : first);
      types.set(name, type ?? 'FLOAT');
    }
  }
  return types;
}

/** What a node uses, itself or in its body. */
export function namesIn(node: OnnxNode | undefined): string[] {
  if (node === undefined) return [];
  const bodies = Object.values(node.attributes).flatMap((value) =>
    'graph' in value ? value.graph.nodes : [],
  );
  return [...node.inputs, ...bodies.flatMap(namesIn)];
}
