import { hash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Plugin } from 'rolldown';
import { atlasError } from '../../src/schema/errors/index.ts';

/** A file of the user's own with all that it imports, as one module: plain data, for it goes to other threads. */
export interface OwnBundle {
  /** JavaScript without comments; its default export is the definition. */
  readonly code: string;
  /** The first 16 hex digits of the SHA-256 of `code`: what the definition gave goes by it. */
  readonly hash: string;
  /** Where the lines of `code` come from: a source map as JSON. */
  readonly map: string;
  /** The files that it was made of, but for packages; absolute. */
  readonly sources: readonly string[];
}

const DEFINE = fileURLToPath(new URL('../../src/core/define.ts', import.meta.url));

/** `pattern-atlas` in such a file gives what it takes to define; the rest of the package is the pipeline itself. */
const ownPackage: Plugin = {
  name: 'pattern-atlas',
  resolveId: { filter: { id: /^pattern-atlas$/u }, handler: () => DEFINE },
};

/**
 * Bundles the file at `path` for the pipeline as a page would have it.
 *
 * @param root relative to which the bundle names its sources
 * @throws AtlasError `own-file-unbuildable`
 */
export async function bundleFile(
  path: string,
  { kind, file, root }: { readonly kind: 'figure' | 'metric'; readonly file: string; readonly root: string },
): Promise<OwnBundle> {
  try {
    const { rolldown } = await import('rolldown'); // only where it is needed: it takes a while to load
    const bundle = await rolldown({
      input: path,
      cwd: root,
      platform: 'browser',
      logLevel: 'silent',
      plugins: [ownPackage],
    });
    const { output } = await bundle.generate({
      format: 'esm',
      dir: root,
      sourcemap: true,
      comments: false,
      codeSplitting: false,
    });
    await bundle.close();
    const [{ code, imports, map, moduleIds }] = output;
    if (imports.length > 0) throw new Error(`It imports ${imports.join(', ')}, which a page does not have.`);
    return {
      code,
      hash: hash('sha256', code.replace(/^\/\/.*$/gmu, ''), 'hex').slice(0, 16),
      map: map?.toString() ?? '',
      sources: moduleIds.filter((id) => isAbsolute(id) && !id.includes('node_modules') && id !== DEFINE),
    };
  } catch (error) {
    const reason = stripVTControlCharacters((error as Error).message).trim();
    throw atlasError('own-file-unbuildable', { kind, reason }, { file }, error);
  }
}
