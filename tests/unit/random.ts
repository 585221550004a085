/** A random number generator with a seed (mulberry32), so that a failing property fails again. */
export interface Random {
  /** 0 or more, below 1. */
  next(): number;
  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number;
  pick<T>(choices: readonly T[]): T;
  /** A string of `length` letters out of `alphabet`. */
  text(alphabet: string, length: number): string;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    next,
    below,
    pick(choices) {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new RangeError('Nothing to pick from');
      return choice;
    },
    text: (alphabet, length) =>
      Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(''),
  };
}
