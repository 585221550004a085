import { defineConfig } from 'eslint/config';
import astro from 'eslint-plugin-astro';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

const IMPORTS = {
  // schema <- core <- engine <- pipeline, and schema, core, engine <- components <- pages.
  schema: ['core', 'engine', 'components', 'layouts', 'pages'],
  core: ['engine', 'components', 'layouts', 'pages'],
  engine: ['components', 'layouts', 'pages'],
};
const pure = ['node:*', 'fs', 'path', 'onnxruntime-*', 'sharp', 'svelte', 'astro', 'astro:*'];

const directions = Object.entries(IMPORTS).map(([folder, forbidden]) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: forbidden.map((other) => `**/${other}/**`), message: `src/${folder} must not import it.` },
          { group: ['**/pipeline/**'], message: 'The pipeline imports src, never the other way.' },
          { group: pure, message: 'schema, core and engine run in Node and in a page alike.' },
        ],
      },
    ],
  },
}));

export default defineConfig(
  {
    ignores: [
      'dist/**',
      'dist-*/**',
      '.astro/**',
      '.atlas/**',
      'public/**',
      'content/generated/**',
      'models/**',
      'node_modules/**',
    ],
  },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  svelte.configs['flat/recommended'],
  astro.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', 'bin/*.js', '.dependency-cruiser.mjs'] },
        extraFileExtensions: ['.svelte', '.astro'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Texts are measured and cut by code points on purpose: so do the tokenizers' offsets.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  // Type-aware rules see Astro's virtual modules and Svelte's compiled props as untyped; astro check and
  // svelte-check type those files.
  {
    files: ['**/*.astro', '**/*.svelte', '**/*.mjs', 'bin/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  ...directions,
  {
    files: ['src/components/**', 'src/layouts/**', 'src/pages/**', 'src/content.config.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/pipeline/**'], message: 'The site never imports the pipeline.' }] },
      ],
    },
  },
  {
    files: ['pipeline/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/components/**', '**/layouts/**', '**/pages/**'],
              message: 'The pipeline never imports the site.',
            },
          ],
        },
      ],
    },
  },
);
