import { InvalidArgumentError } from 'commander';

/** What stands for a model on the command line. */
export const MODEL_OPTION =
  'a model folder, a repository of the hub (OWNER/NAME) or a short name (pythia-14m); @REVISION after it if need be';

/** Reads a whole number from `least` to `greatest`, or says that it is none. */
export function wholeNumber(
  name: string,
  least: number,
  greatest = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/u.test(text) || value < least || value > greatest) {
      throw new InvalidArgumentError(`${name} takes a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** Reads a list whose entries are separated by commas; white space around them does not count. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
