import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { secondsOf } from './measure-command.ts';

const script = resolve(import.meta.dirname, 'python/upstream_baseline.py');

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}
interface Phase {
  readonly total: { readonly wall_s: Spread };
  readonly peak_rss_bytes: Spread;
}

/** What `upstream_baseline.py` says of pattern-lens, and of transformers and TransformerLens where they were asked for. */
export interface Baseline {
  readonly versions: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly files: number; readonly bytes: number }>>;
  readonly activations: Phase;
  readonly figures?: Phase;
  readonly both?: { readonly total_wall_s: Spread };
  readonly tl?: Readonly<Record<string, { readonly wall_s: Spread }>>;
  readonly eager?: Readonly<Record<string, { readonly wall_s: Spread }>>;
}

/**
 * Measures pattern-lens on the same model and prompts, with a Python that has bench/python/requirements.txt.
 *
 * @param phases of `activations`, `figures`, `tl`, `eager`
 */
export async function measurePatternLens(
  python: string,
  model: string,
  prompts: string,
  phases: readonly string[],
  repeat: number,
): Promise<Baseline> {
  const scratch = mkdtempSync(join(tmpdir(), 'atlas-bench-python-'));
  const json = join(scratch, 'baseline.json');
  try {
    const words = ['--model-dir', model, '--prompts', prompts, '--out', join(scratch, 'out'), '--json', json];
    const asked = ['--phases', phases.join(','), '--repeat', String(repeat)];
    await secondsOf(python, [script, ...words, ...asked], { cwd: scratch });
    return JSON.parse(readFileSync(json, 'utf8')) as Baseline;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
