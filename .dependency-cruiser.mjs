/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'src-never-imports-pipeline',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^pipeline/' },
    },
    {
      name: 'schema-imports-only-itself',
      severity: 'error',
      from: { path: '^src/schema/' },
      to: { path: '^src/(?!schema/)' },
    },
    {
      name: 'core-below-engine',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/(?!core/|schema/)' },
    },
    {
      name: 'engine-below-site',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/(?!engine/|core/|schema/)' },
    },
    {
      name: 'heart-is-pure',
      severity: 'error',
      from: { path: '^src/(schema|core|engine)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pipeline-never-imports-site',
      severity: 'error',
      from: { path: '^pipeline/' },
      to: { path: '^src/(components|layouts|pages)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.svelte', '.astro'],
      exportsFields: ['exports'],
    },
  },
};
