/** Where models run: on the graphics processor with WebGPU, or on the processor with WebAssembly. */
export type Processor = 'gpu' | 'cpu';

/** What the visitor chose is kept on this device, for Live, View and Compare. */
const CHOSEN = 'atlas-processor';

/** What this browser can run models on, the one to take first. */
export async function processors(): Promise<readonly Processor[]> {
  const found = await foundProcessors();
  const chosen = found.filter((each) => each === keptChoice());
  return [...new Set([...chosen, ...found])];
}

export function keepChoice(processor: Processor): void {
  try {
    localStorage.setItem(CHOSEN, processor);
  } catch {
    // A browser that keeps nothing asks again on the next visit.
  }
}

function keptChoice(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}

async function foundProcessors(): Promise<readonly Processor[]> {
  // The program for WebGPU waits for the device by WebAssembly's own means; the one that needs none is 10 MB larger.
  if (!('gpu' in navigator) || typeof WebAssembly === 'undefined' || !('Suspending' in WebAssembly))
    return ['cpu'];
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (adapter === null) return ['cpu'];
  // Where software stands in for a graphics processor, WebAssembly is faster.
  return adapter.info.isFallbackAdapter ? ['cpu', 'gpu'] : ['gpu', 'cpu'];
}
