import { AtlasError } from '../../src/schema/errors/index.ts';
import { random, type Random } from '../unit/random.ts';

/** Mutations a format, at least. */
const ROUNDS = 20_000;

/**
 * Gives a reader damaged input `ROUNDS` times: it must give an answer or an error of the catalogue, and give it soon.
 * What fails is thrown with the number that makes the same input again.
 *
 * @param round makes an input from the random numbers, reads it, and checks the answer
 * @returns how often the reader gave an answer
 */
export async function fuzz(round: (random: Random) => unknown): Promise<number> {
  let answers = 0;
  for (let seed = 1; seed <= ROUNDS; seed++) {
    try {
      await round(random(seed));
      answers++;
    } catch (error) {
      if (!(error instanceof AtlasError)) throw new Error(`With the seed ${seed}`, { cause: error });
    }
  }
  return answers;
}
