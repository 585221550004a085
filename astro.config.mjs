import { satteri } from '@astrojs/markdown-satteri';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import atlas from './atlas.config.ts';
import { plainMarkdown } from './src/content-loader/plain-markdown.ts';
import { configSchema } from './src/schema/config.ts';
import { siteAddress } from './src/schema/site-address.ts';

const { site, base } = siteAddress(configSchema.parse(atlas), process.env);

export default defineConfig({
  site,
  base,
  output: 'static',
  trailingSlash: 'always',
  integrations: [svelte()],
  markdown: {
    syntaxHighlight: false, // Shiki writes style attributes, which the policy forbids
    processor: satteri({ hastPlugins: [plainMarkdown] }),
  },
  build: { inlineStylesheets: 'never' },
  // Small files stay files: a `data:` address would have to be allowed by the policy.
  vite: {
    build: { assetsInlineLimit: 0 },
    // Named as the pages name theirs, so that a file that both ask for is there once.
    worker: {
      format: 'es',
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
        "img-src 'self' blob:",
        "object-src 'none'",
        "worker-src 'self'",
      ],
    },
  },
});
