import type { ModelDescription } from '../../src/engine/architectures/architecture.ts';
import type { NumberArray } from '../../src/core/npz/decode-npy.ts';
import { describeArray, describeSignal, fitsSignal, type SignalInput } from '../../src/engine/signal.ts';
import { atlasError } from '../../src/schema/errors/index.ts';

/** @throws AtlasError `model-input-wrong` for a model that reads pixels or samples */
export function checkReadsText({ signal }: ModelDescription): void {
  if (signal === undefined) return;
  throw atlasError('model-input-wrong', {
    reads: describeSignal(signal),
    given: 'text or token ids',
    give: `Use \`atlas patterns\` with --input FILE.npz, which holds ${describeArray(signal)} (float32).`,
  });
}

/** @throws AtlasError `model-input-wrong` for a model that reads text */
export function checkReadsSignal({ signal }: ModelDescription): SignalInput {
  if (signal !== undefined) return signal;
  throw atlasError('model-input-wrong', {
    reads: 'text',
    given: 'pixels or samples',
    give: 'Give --ids, --ids-file or --text instead of --input.',
  });
}

/** @throws AtlasError `model-input-wrong` for an array of another shape, and for numbers that are not finite */
export function checkSignal(signal: SignalInput, { shape, values }: NumberArray): void {
  const isFinite = values.every(Number.isFinite);
  if (fitsSignal(signal, shape) && isFinite) return;
  throw atlasError('model-input-wrong', {
    reads: describeSignal(signal),
    given: isFinite ? `an array of shape [${shape.join(', ')}]` : 'numbers that are not finite',
    give: `Give ${describeArray(signal)}, prepared as for the model in transformers.`,
  });
}
