/** What `import ... from 'pattern-atlas'` gives to a script. */
export * from '../src/core/define.ts';
export { defineConfig, type AtlasConfigInput } from '../src/schema/config.ts';
