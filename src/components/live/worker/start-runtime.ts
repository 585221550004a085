import type { Processor } from '../processor.ts';

/** onnxruntime, as each of its builds gives it. */
export type Runtime = Pick<typeof import('onnxruntime-web/wasm'), 'env' | 'InferenceSession' | 'Tensor'>;

/** Fetches the script of the build of onnxruntime for a processor. */
export async function fetchRuntime(processor: Processor): Promise<Runtime> {
  return processor === 'gpu' ? await import('onnxruntime-web/jspi') : await import('onnxruntime-web/wasm');
}

/**
 * The build of onnxruntime for a processor, with its program at hand. The one for the graphics processor runs models on
 * the processor, too.
 */
export async function startRuntime(processor: Processor, program: Uint8Array): Promise<Runtime> {
  const runtime = await fetchRuntime(processor);
  // One thread: more need headers that a static host does not send.
  runtime.env.wasm.numThreads = 1;
  runtime.env.wasm.wasmBinary = program;
  return runtime;
}
