import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';

const folder = resolve(import.meta.dirname, '../../../examples/scale');
const COMMAND = 'npx --no-install atlas build --shard "$SHARD/$SHARDS"';

let atlas: SmallAtlas;
beforeAll(async () => {
  atlas = await smallAtlas();
});
afterAll(() => atlas.remove());

/** What the example's jobs are started with: the first and last number, and how many there are. */
interface Numbers {
  readonly commands: readonly string[];
  readonly ends: readonly [number, number];
  readonly count: number;
}

async function read(name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}

const EXAMPLES: Readonly<Record<string, () => Promise<Numbers>>> = {
  async 'github-actions.yml'() {
    const { jobs } = parse(await read('github-actions.yml')) as {
      jobs: Record<
        'compute' | 'publish',
        {
          strategy: { matrix: { shard: number[] } };
          env: Record<string, unknown>;
          needs?: string;
          steps: { run?: string }[];
        }
      >;
    };
    const { strategy, env, steps } = jobs.compute;
    expect(env.SHARD).toBe('${{ matrix.shard }}');
    expect(jobs.publish.needs).toBe('compute');
    expect(jobs.publish.steps.map(({ run }) => run)).toContain('npx --no-install atlas merge shards/*');
    const numbers = strategy.matrix.shard;
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    return {
      commands: steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
      ends: [numbers[0] ?? NaN, numbers.at(-1) ?? NaN],
      count: Number(env.SHARDS),
    };
  },
  async 'slurm.sbatch'() {
    const text = await read('slurm.sbatch');
    expect(text).toContain('SHARD="$SLURM_ARRAY_TASK_ID" SHARDS="$SLURM_ARRAY_TASK_COUNT"');
    const [, first, last] = /^#SBATCH --array=(\d+)-(\d+)$/mu.exec(text) ?? [];
    return {
      commands: text.split('\n'),
      ends: [Number(first), Number(last)],
      count: Number(last) - Number(first) + 1,
    };
  },
  async 'kubernetes.yaml'() {
    const { spec } = parse(await read('kubernetes.yaml')) as {
      spec: {
        completionMode: string;
        completions: number;
        template: { spec: { containers: { command: string[]; env: { name: string; value?: string }[] }[] } };
      };
    };
    expect(spec.completionMode).toBe('Indexed');
    const [container] = spec.template.spec.containers;
    const shards = Number(container?.env.find(({ name }) => name === 'SHARDS')?.value);
    expect(shards).toBe(spec.completions);
    return { commands: container?.command ?? [], ends: [0, spec.completions - 1], count: shards };
  },
};

describe('the examples of runs on many machines', () => {
  it.each(Object.entries(EXAMPLES))(
    '%s runs the one command, with numbers that it takes',
    async (_, numbers) => {
      const { commands, ends, count } = await numbers();
      expect(commands).toContain(COMMAND);
      for (const shard of ends) {
        const words = ['build', '--dry-run', '--shard', `${shard}/${count}`];
        expect([words, atlas.run(...words).status]).toEqual([words, 0]);
      }
    },
  );
});
