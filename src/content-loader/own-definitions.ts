import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { OWN_FIGURE_CHANGED } from '../core/figures/own-changed.ts';
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
  const filesOf = (kind: Kind) => config[kind].filter(isOwnFile).map((file) => resolve(root, file));
  const modules = new Map(
    (['figures', 'metrics'] as const).map((kind) => [fileURLToPath(new URL(`${kind}/own.ts`, CORE)), kind]),
  );
  return {
    name: 'pattern-atlas-own-definitions',
    enforce: 'pre',
    resolveId: (id) => (id === 'pattern-atlas' ? DEFINE : null),
    // What metrics give is in the records, of which pages are made; figures are followed in the page.
    hotUpdate({ file }) {
      const { name, hot } = this.environment;
      if (name === 'client' && filesOf('metrics').includes(resolve(file))) hot.send({ type: 'full-reload' });
    },
    load(id) {
      const kind = modules.get(resolve(id.split('?')[0] ?? id));
      if (kind === undefined) return null;
      const files = filesOf(kind);
      const isFollowed =
        kind === 'figures' && this.environment.name === 'client' && this.environment.mode === 'dev';
      return moduleOf(kind, files) + (isFollowed ? following(files) : '');
    },
  };
}

type Kind = 'figures' | 'metrics';

/** A module whose one export lists the default exports of `files`. */
function moduleOf(kind: Kind, files: readonly string[]): string {
  const imports = files.map((file, at) => `import own${at} from ${JSON.stringify(file)};`);
  const name = kind === 'figures' ? 'ownFigures' : 'ownMetrics';
  return [...imports, `export const ${name} = [${files.map((_, at) => `own${at}`).join(', ')}];`].join('\n');
}

/**
 * What follows edited files in the page, in a development server: a figure that only draws otherwise takes the place of what it was, in
 * the same object, and whoever shows it is asked to draw it again. The page is loaded again where more changed, or nobody does.
 */
function following(files: readonly string[]): string {
  return `
const isSame = (a, b) => ['name', 'scope', 'output', 'inputs'].every((key) => String(a[key]) === String(b?.[key]));
import.meta.hot?.accept(${JSON.stringify(files)}, (changed) => {
  const isDrawn = changed.every((module, at) => {
    if (module === undefined) return true;
    if (!isSame(ownFigures[at], module.default)) return false;
    const detail = Object.assign(ownFigures[at], module.default);
    return !dispatchEvent(new CustomEvent('${OWN_FIGURE_CHANGED}', { cancelable: true, detail }));
  });
  if (!isDrawn) location.reload();
});`;
}
