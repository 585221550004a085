import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { isOwnFile } from '../schema/config.ts';

const CORE = new URL('../core/', import.meta.url);
const DEFINE = fileURLToPath(new URL('define.ts', CORE));

/**
 * Puts the figures and metrics of a config's own files in the place of the modules `src/core/{figures,metrics}/own.ts`,
 * so that pages, their workers and the site's build know them as they know the built-in ones. In these files the package
 * `pattern-atlas` is what it takes to define, without the pipeline.
 *
 * @param configFile relative to whose folder the files lie
 */
export function ownDefinitions(
  config: { readonly figures: readonly string[]; readonly metrics: readonly string[] },
  configFile: string,
): Plugin {
  const root = dirname(resolve(configFile));
  const modules = new Map(
    (['figures', 'metrics'] as const).map((kind) => {
      const files = config[kind].filter(isOwnFile).map((file) => resolve(root, file));
      return [fileURLToPath(new URL(`${kind}/own.ts`, CORE)), moduleOf(kind, files)];
    }),
  );
  const files = new Set(
    [...config.figures, ...config.metrics].filter(isOwnFile).map((file) => resolve(root, file)),
  );
  return {
    name: 'pattern-atlas-own-definitions',
    enforce: 'pre',
    resolveId: (id) => (id === 'pattern-atlas' ? DEFINE : null),
    // Pages that the server draws do not follow by themselves.
    hotUpdate({ file }) {
      const { name, hot } = this.environment;
      if (name === 'client' && files.has(resolve(file))) hot.send({ type: 'full-reload' });
    },
    load: (id) => modules.get(resolve(id.split('?')[0] ?? id)) ?? null,
  };
}

/** A module whose one export lists the default exports of `files`. */
function moduleOf(kind: 'figures' | 'metrics', files: readonly string[]): string {
  const imports = files.map((file, at) => `import own${at} from ${JSON.stringify(file)};`);
  const name = kind === 'figures' ? 'ownFigures' : 'ownMetrics';
  return [...imports, `export const ${name} = [${files.map((_, at) => `own${at}`).join(', ')}];`].join('\n');
}
