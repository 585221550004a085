import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from '../src/engine/graph/onnx.ts';

const SIDE = 1024;
const RUNS = 20;

/** The rate of onnxruntime's own matrix multiplication, two 1024 x 1024 float32 matrices: the best of 20, FLOP/s. */
export async function matmulPeak(): Promise<number> {
  const square = (name: string) => ({ name, type: 'FLOAT', shape: [SIDE, SIDE] }) as const;
  const model = encodeModel({
    nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['c'], attributes: {} }],
    initializers: [],
    inputs: [square('a'), square('b')],
    outputs: [square('c')],
  });
  const session = await InferenceSession.create(model);
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, index) => (index % 7) - 3);
  const feeds = {
    a: new Tensor('float32', values, [SIDE, SIDE]),
    b: new Tensor('float32', values, [SIDE, SIDE]),
  };
  let best = 0;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await session.run(feeds);
    best = Math.max(best, (2 * SIDE ** 3) / ((performance.now() - start) / 1000));
  }
  await session.release();
  return best;
}
