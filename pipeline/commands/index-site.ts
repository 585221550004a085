import { join, resolve } from 'node:path';
import { loadConfig } from '../load-config.ts';
import type { AddCommand } from './command.ts';

export const addIndex: AddCommand = (program, run) => {
  program
    .command('index')
    .description('index the prompts of a built site for its search page (the last step of npm run build)')
    .option('--path <folder>', 'the built site', 'dist')
    .action((options: { readonly path: string }) =>
      run(async (context) => {
        const { indexSearch } = await import('../search/index-search.ts'); // only here: it takes a while to load
        const { root } = await loadConfig(context.options.config);
        const prompts = await indexSearch(
          resolve(options.path),
          join(root, 'content/generated'),
          context.files,
        );
        context.result({ prompts }, `${prompts} prompts can be searched`);
        return 0;
      }),
    );
};
