import { resolve } from 'node:path';
import { indexSearch } from '../index-search.ts';
import type { AddCommand } from './command.ts';

export const addIndex: AddCommand = (program, run) => {
  program
    .command('index')
    .description('index the prompts of a built site for its search page (the last step of npm run build)')
    .option('--path <folder>', 'the built site', 'dist')
    .action((options: { readonly path: string }) =>
      run(async (context) => {
        const { records } = await indexSearch(resolve(options.path), context.options.config);
        context.result({ records }, `${records} prompts can be searched`);
        return 0;
      }),
    );
};
