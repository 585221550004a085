import { describeDuration } from '../../src/core/describe-duration.ts';
import { buildAtlas, type BuildResult } from '../build-atlas.ts';
import { withinLimits } from '../disk-budget.ts';
import { loadConfig, storeFolder } from '../load-config.ts';
import { reportFailures } from '../report/report-failures.ts';
import type { StageSummary } from '../report/reporter.ts';
import { shardName } from '../shard.ts';
import { whileRunning } from '../store/running.ts';
import type { AddCommand, CommandContext } from './command.ts';

export const addBuild: AddCommand = (program, run) => {
  program
    .command('build')
    .description('compute everything that the config asks for, and write the files and records of the site')
    .action(() =>
      run(async (unlimited) => {
        const loaded = await loadConfig(unlimited.options.config);
        const context = await withinLimits(unlimited, loaded);
        const build = () => buildAtlas(loaded, context);
        const store = storeFolder(loaded);
        const result = context.dryRun ? await build() : await whileRunning(store, unlimited.files, build);
        reportFailures(result.failures, context.reporter);
        context.result(buildValue(result), describeBuild(result, context));
        const { failures } = result;
        return failures.length > 0 && !context.keepGoing ? 1 : 0;
      }),
    );
};

/** What a build gives to programs. */
export function buildValue(result: BuildResult) {
  return { ...result, failures: result.failures.map(({ code, place }) => ({ code, ...place })) };
}

/** How a build ended, for a person. */
export function describeBuild(result: BuildResult, { dryRun }: Pick<CommandContext, 'dryRun'>): string {
  const { models, prompts, patterns, failures, published, shard, seconds, stages } = result;
  const held = `${patterns} patterns of ${models} models on ${prompts} prompts`;
  const outcome = dryRun
    ? `would hold ${held}; nothing was written`
    : published
      ? `${held}, ready for the site`
      : shard !== undefined
        ? `share ${shardName(shard)} is in the store: ${patterns} patterns; \`atlas merge\` joins the shares`
        : `${failures.length} prompts failed: the site's files were left as they were (--keep-going goes on without them)`;
  return `${outcome} (${sumsOf(stages)}${describeDuration(seconds)})`;
}

/** `12 made, 4320 reused, 1 failed, ` over all stages; empty where none ran. */
function sumsOf(stages: readonly StageSummary[]): string {
  if (stages.length === 0) return '';
  const sum = (count: 'made' | 'reused' | 'failed') =>
    stages.reduce((total, stage) => total + stage[count], 0);
  return `${sum('made')} made, ${sum('reused')} reused, ${sum('failed')} failed, `;
}
