import { createRequire } from 'node:module';
import { ENGINE_VERSION } from '../src/engine/engine-version.ts';

const require = createRequire(import.meta.url);

/** The version of onnxruntime-node that is installed. */
export function onnxruntimeVersion(): string {
  return versionOf('onnxruntime-node/package.json');
}

/** The version of Pattern Atlas itself. */
export function atlasVersion(): string {
  return versionOf('../package.json');
}

/** What the bytes of an atlas depend on besides its inputs. */
export function toolVersions(): Record<string, string> {
  return {
    'pattern-atlas': atlasVersion(),
    engine: String(ENGINE_VERSION),
    'onnxruntime-node': onnxruntimeVersion(),
    zlib: process.versions.zlib,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
}

function versionOf(path: string): string {
  return (require(path) as { version: string }).version;
}
