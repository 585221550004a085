import type { Explanation } from './atlas-error.ts';

/** Errors of figures and metrics that a user wrote. */
export const ownErrors = {
  'own-file-unbuildable': (p: { kind: 'figure' | 'metric'; reason: string }): Explanation => ({
    what: `The file of a ${p.kind} cannot be read.`,
    why: p.reason,
    remedy:
      'Mend the file or its path in the config. It runs in the pipeline and in the page, so it may import packages and files, and nothing of Node.',
  }),
  'own-definition-invalid': (p: { kind: 'figure' | 'metric'; problems: readonly string[] }): Explanation => ({
    what: `The file defines no valid ${p.kind}: ${p.problems.join('; ')}.`,
    why: `Its default export is taken, and docs/own-figures.md says what each field holds.`,
    remedy: `Mend the fields named above; \`export default define${p.kind === 'figure' ? 'Figure' : 'Metric'}({...})\` lets the editor check them.`,
  }),
  'own-name-taken': (p: { kind: 'figure' | 'metric'; name: string; by: string }): Explanation => ({
    what: `There is a ${p.kind} "${p.name}" already: ${p.by}.`,
    why: 'A name stands in addresses, in the config and in queries, so it means one thing.',
    remedy: 'Give it another `name`.',
  }),
  'metric-failed': (p: { name: string; reason: string; others: number }): Explanation => ({
    what: `The metric "${p.name}" failed${alsoOn(p.others)}.`,
    why: p.reason,
    remedy: 'Mend its file. Its other values are kept, and those that failed are computed by the next run.',
  }),
  'figure-failed': (p: { name: string; reason: string; others: number }): Explanation => ({
    what: `The figure "${p.name}" failed${alsoOn(p.others)}.`,
    why: p.reason,
    remedy: 'Mend its file. What it drew is kept, and those that failed are drawn by the next run.',
  }),
} as const;

function alsoOn(others: number): string {
  return others === 0 ? '' : `, on ${others} more ${others === 1 ? 'head' : 'heads'}, too`;
}
