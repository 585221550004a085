import { resolve } from 'node:path';
import { siteAddress } from '../../src/schema/site-address.ts';
import { loadConfig } from '../load-config.ts';
import { serveSite } from '../server/serve-site.ts';
import { wholeNumber } from './options.ts';
import type { AddCommand } from './command.ts';

export const addServer: AddCommand = (program, run) => {
  program
    .command('server')
    .description('serve a built site on this machine, with byte ranges')
    .option('--path <folder>', 'the built site', 'dist')
    .option('--port <number>', 'the port; 0 takes any free one', wholeNumber('--port', 0, 65535), 8080)
    .action((options: { readonly path: string; readonly port: number }) =>
      run(async (context) => {
        const { config } = await loadConfig(context.options.config);
        const { base } = siteAddress(config, process.env);
        const site = await serveSite({ folder: resolve(options.path), base, port: options.port });
        context.result({ url: site.url }, `${site.url}  (Ctrl+C stops)`);
        await new Promise((stop) => {
          context.signal.addEventListener('abort', stop, { once: true });
        });
        await site.close();
        context.signal.throwIfAborted();
        return 0;
      }),
    );
};
