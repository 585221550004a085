import { expect, it } from 'vitest';
import type { OnnxGraph, OnnxNode } from '../../../src/engine/graph/onnx.ts';
import { splitGraph } from '../../../src/engine/graph/split-graph.ts';

const node = (op: string, inputs: string[], output: string): OnnxNode => {
  return { op, inputs, outputs: [output], attributes: {} };
};
const value = (name: string) => ({ name, type: 'FLOAT', shape: ['n'] }) as const;

/** Two layers: `pattern` of each is read with `x`, and `mask` follows from the input alone. */
const graph: OnnxGraph = {
  nodes: [
    node('Shape', ['ids'], 'mask'),
    node('Gather', ['weights', 'ids'], 'x0'),
    node('Add', ['x0', 'mask'], 'p0'),
    node('Identity', ['p0'], 'pattern0'),
    node('MatMul', ['p0', 'x0'], 'read0'),
    node('Less', ['read0', 'x0'], 'sign'),
    node('Add', ['read0', 'x0'], 'x1'),
    node('Add', ['x1', 'mask'], 'p1'),
    node('Identity', ['p1'], 'pattern1'),
    node('Where', ['sign', 'p1', 'x1'], 'x2'),
    node('Identity', ['x2'], 'logits'),
  ],
  initializers: [{ name: 'weights', type: 'FLOAT', shape: [9], data: { file: 'w', offset: 0, length: 36 } }],
  inputs: [{ name: 'ids', type: 'INT64', shape: ['n'] }],
  outputs: [value('pattern0'), value('pattern1'), value('logits')],
};

const names = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name).sort();

it('ends a part behind what uses the pattern, and hands over what the rest needs', () => {
  const [first, second, ...more] = splitGraph(graph, [['pattern0'], ['pattern1']]);
  expect(more).toEqual([]);
  expect(first?.graph.nodes.map(({ outputs }) => outputs[0])).toEqual([
    'mask',
    'x0',
    'p0',
    'pattern0',
    'read0',
  ]);
  expect([...(first?.given ?? [])].sort()).toEqual(['read0', 'x0']);
  expect(names(first?.graph.outputs ?? [])).toEqual(['pattern0', 'read0', 'x0']);
  // The mask follows from the input alone, and is made again; the pattern is not handed over.
  expect(second?.graph.nodes[0]).toEqual(graph.nodes[0]);
  expect(names(second?.graph.inputs ?? [])).toEqual(['ids', 'read0', 'x0']);
  expect(names(second?.graph.outputs ?? [])).toEqual(['logits', 'pattern1']);
  expect(second?.graph.initializers).toEqual([]);
});

it('is the graph itself where there is one group', () => {
  expect(splitGraph(graph, [['pattern0', 'pattern1']])).toEqual([{ graph, given: [] }]);
});

it('gives what is handed over the type that its operator has', () => {
  const nodes = graph.nodes.toSpliced(
    4,
    2,
    node('Less', ['p0', 'x0'], 'sign'),
    node('MatMul', ['p0', 'x0'], 'read0'),
  );
  const [, second] = splitGraph({ ...graph, nodes }, [['pattern0'], ['pattern1']]);
  const types = second?.graph.inputs.map(({ name, type }) => [name, type]);
  expect(types).toContainEqual(['sign', 'BOOL']);
  expect(types).toContainEqual(['read0', 'FLOAT']);
});
