import { copyFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { satteri } from '@astrojs/markdown-satteri';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import { atlasFile, inAtlasFolder } from './src/content-loader/atlas-folder.ts';
import { ownDefinitions } from './src/content-loader/own-definitions.ts';
import { plainMarkdown } from './src/content-loader/plain-markdown.ts';
import { preloadScripts } from './src/content-loader/preload-scripts.ts';
import { configSchema } from './src/schema/config.ts';
import { siteAddress } from './src/schema/site-address.ts';

const { default: atlas } = await import(pathToFileURL(atlasFile()).href);
const config = configSchema.parse(atlas);
const { site, base } = siteAddress(config, process.env);
/** Where packs and images are fetched from, if not from the site itself; the policy allows that one origin more. */
const assetsBase = config.assetsBase ?? '';
const assetsOrigin = assetsBase === '' ? '' : ` ${new URL(assetsBase).origin}`;
const own = () => ownDefinitions(config, atlasFile());

/** The site's icon, where the folder of another config has none. */
const icon = {
  name: 'pattern-atlas-icon',
  hooks: {
    'astro:build:done': ({ dir }) =>
      copyFile(new URL('public/favicon.svg', import.meta.url), new URL('favicon.svg', dir)),
  },
};

/** Every page of a development server follows files of own figures; a page without scripts is loaded again. */
const followFigures = {
  name: 'pattern-atlas-follow-figures',
  hooks: {
    'astro:config:setup': ({ command, injectScript }) => {
      if (command === 'dev') injectScript('page', `import '/src/core/figures/own.ts';`);
    },
  },
};

export default defineConfig({
  site,
  base,
  output: 'static',
  trailingSlash: 'always',
  publicDir: inAtlasFolder('public'),
  integrations: [svelte(), icon, followFigures, preloadScripts()],
  markdown: {
    syntaxHighlight: false, // Shiki writes style attributes, which the policy forbids
    processor: satteri({ hastPlugins: [plainMarkdown] }),
  },
  // A style sheet of its own would be a round trip before the first word is seen.
  build: { inlineStylesheets: 'always' },
  // Small files stay files: a `data:` address would have to be allowed by the policy.
  vite: {
    plugins: [own()],
    define: { ATLAS_ASSETS_BASE: JSON.stringify(assetsBase) },
    build: { assetsInlineLimit: 0 },
    server: { fs: { allow: [fileURLToPath(new URL('.', import.meta.url)), inAtlasFolder()] } },
    // Named as the pages name theirs, so that a file that both ask for is there once.
    worker: {
      format: 'es',
      plugins: () => [own()],
      rolldownOptions: { output: { assetFileNames: '_astro/[name].[hash][extname]' } },
    },
  },
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-src 'none'",
        // A figure that is drawn in the page is shown as an image of its own, in which nothing can run.
        `img-src 'self' blob:${assetsOrigin}`,
        ...(assetsOrigin === '' ? [] : [`connect-src 'self'${assetsOrigin}`]),
        "object-src 'none'",
        "worker-src 'self'",
      ],
    },
  },
});
