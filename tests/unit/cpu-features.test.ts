import { describe, expect, it } from 'vitest';
import { cpuFeatures } from '../../pipeline/cpu-features.ts';

describe('the features of a processor', () => {
  it('are those that results depend on, sorted, on x86 and on Arm', () => {
    const x86 = 'processor\t: 0\nflags\t\t: fpu vme fma avx2 avx sse4_2\nbugs\t\t: none\n\nprocessor\t: 1\n';
    expect(cpuFeatures(() => x86)).toEqual(['avx', 'avx2', 'fma', 'sse4_2']);
    expect(cpuFeatures(() => 'Features\t: fp asimd evtstrm i8mm bf16\n')).toEqual(['asimd', 'bf16', 'i8mm']);
  });

  it('are unknown where the system does not list them', () => {
    const missing = () => {
      throw new Error('ENOENT');
    };
    expect(cpuFeatures(missing)).toBeUndefined();
    expect(cpuFeatures(() => 'model name\t: x\n')).toBeUndefined();
  });
});
