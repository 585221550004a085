import { describe, expect, it } from 'vitest';
import { liveFailureOf } from '../../../src/components/live/live-failure.ts';
import { LoadError } from '../../../src/components/view/load-file.ts';
import { atlasError } from '../../../src/schema/errors/index.ts';

describe('why a model could not be loaded or run', () => {
  it.each([
    new RangeError('Array buffer allocation failed'),
    new RangeError('WebAssembly.Memory(): could not allocate memory'),
    new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance'),
    new RangeError('Invalid array length'),
    new Error("Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc"),
    new Error('failed to allocate a buffer. Out of memory'),
  ])('is too little memory where the browser says %s', (error) => {
    const { title, remedy } = liveFailureOf(error);
    expect(title).toBe('The memory does not suffice');
    expect(remedy).toMatch(/shorten the text or choose a smaller model/u);
  });

  it('is said in the words of the error where it is one of the catalogue', () => {
    const failure = liveFailureOf(atlasError('token-id-out-of-range', { id: 9, vocabulary: 5 }));
    expect(failure.reason).toMatch(/^Token id 9 is outside the vocabulary of 5\./u);
  });

  it('names the file that could not be fetched', () => {
    const reason = 'The site has no file /generated/live/m/config.json.';
    expect(liveFailureOf(new LoadError({ kind: 'missing', reason })).reason).toBe(reason);
  });

  it('is never empty', () => {
    for (const thrown of [new Error('Aborted()'), 'text', 7]) {
      const { title, reason, remedy } = liveFailureOf(thrown);
      expect([title, reason, remedy].every((sentence) => sentence.length > 0)).toBe(true);
    }
  });
});
