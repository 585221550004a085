import type { Figure } from '../src/core/figures/figure.ts';
import { figures as builtIn } from '../src/core/figures/index.ts';
import type { AtlasError } from '../src/schema/errors/index.ts';
import { atlasError } from '../src/schema/errors/index.ts';
import { storeActivations, type ActivationsOptions } from './commands/activations.ts';
import { drawStored, type FiguresOptions } from './commands/figures.ts';
import { checkFigure } from './own/check-definition.ts';
import { createLineReporter } from './report/line-reporter.ts';
import type { RunContext } from './run-context.ts';
import { createFiles } from './store/files.ts';

/** What `import ... from 'pattern-atlas'` gives to a script. */
export * from '../src/core/define.ts';
export { defineConfig, type AtlasConfigInput } from '../src/schema/config.ts';
export { AtlasError, formatError } from '../src/schema/errors/index.ts';

interface ScriptOptions {
  /** `atlas.config.ts` if left out. */
  readonly config?: string;
  /** Gets a line for each stage; they go to the terminal's error stream if left out. */
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Of `atlas activations`; all but the first two may be left out. */
export type RunActivationsOptions = ScriptOptions &
  Pick<ActivationsOptions, 'models' | 'prompts'> &
  Partial<ActivationsOptions>;

/** Of `atlas figures`; all may be left out. */
export type RunFiguresOptions = ScriptOptions &
  Partial<FiguresOptions> & {
    /** Figures of the script; they are drawn beside what `figureFuncs` names. */
    readonly figures?: readonly Figure[];
  };

/**
 * Computes patterns into the store, as `atlas activations` does. What is stored already is not computed again.
 *
 * @returns the store's folder, how many pairs of a model and a prompt it holds now, and the errors of those that failed
 * @throws AtlasError for a problem in the input or the machine
 */
export async function runActivations(
  options: RunActivationsOptions,
): Promise<{ readonly store: string; readonly stored: number; readonly failures: readonly AtlasError[] }> {
  const usual = {
    force: false,
    rawPrompts: false,
    minChars: 100,
    maxChars: 1000,
    shuffle: false,
    seed: 0,
  };
  const { store, stored, failures } = await storeActivations({ ...usual, ...options }, contextOf(options));
  return { store, stored, failures };
}

/**
 * Draws figures of stored patterns into the folder `out`, as `atlas figures` does. What is stored already is not drawn
 * again: a figure of the script goes by the text of its definition, so where only something that it calls has changed,
 * `force` is to be given.
 *
 * @returns how many files were written, and the errors of the figures that failed; the others go on
 * @throws AtlasError for a problem in the input or the machine
 */
export async function runFigures(
  options: RunFiguresOptions,
): Promise<{ readonly out: string; readonly images: number; readonly failures: readonly AtlasError[] }> {
  const { figures = [] } = options;
  for (const [at, figure] of figures.entries()) {
    const isTwice = figures.slice(0, at).some(({ name }) => name === figure.name);
    const by = isTwice ? 'another of the script' : 'a built-in one';
    if (isTwice || builtIn.some(({ name }) => name === figure.name)) {
      throw atlasError('own-name-taken', { kind: 'figure', name: figure.name, by });
    }
    const checked = checkFigure(figure);
    if ('problems' in checked) {
      throw atlasError('own-definition-invalid', { kind: 'figure', problems: checked.problems });
    }
  }
  const usual = { force: false, out: '.atlas/figures', ...(figures.length > 0 && { figureFuncs: 'none' }) };
  const chosen = { ...usual, ...options };
  return { out: chosen.out, ...(await drawStored(chosen, contextOf(options), figures)) };
}

function contextOf({ config = 'atlas.config.ts', log, signal }: ScriptOptions) {
  const write = log ?? ((text: string) => process.stderr.write(text));
  const context: RunContext = {
    files: createFiles(),
    reporter: createLineReporter(write),
    signal: signal ?? new AbortController().signal,
    dryRun: false,
    keepGoing: true,
  };
  return { ...context, options: { config } };
}
