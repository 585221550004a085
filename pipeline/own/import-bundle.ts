import { SourceMap, type SourceMapPayload } from 'node:module';
import type { Metric } from '../../src/core/metrics/metric.ts';
import type { OwnBundle } from './bundle-file.ts';

const imported = new Map<string, Promise<unknown>>();

/** The default export of a bundle, evaluated once a thread; nothing is written for it. */
export function importBundle({ code, hash }: OwnBundle): Promise<unknown> {
  const known = imported.get(hash);
  if (known !== undefined) return known;
  const address = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const loading = import(address).then((module: { readonly default?: unknown }) => module.default);
  imported.set(hash, loading);
  return loading;
}

/** The metrics of bundles that were checked when the config was loaded; each goes by its bundle. */
export async function importMetrics(bundles: readonly OwnBundle[]): Promise<Metric[]> {
  return Promise.all(
    bundles.map(async (bundle) => ({ ...((await importBundle(bundle)) as Metric), version: bundle.hash })),
  );
}

/** `message (figures/mine.ts:12:7)`: what was thrown, and where in the user's files, as far as that is known. */
export function describeThrown(error: unknown, bundles: readonly OwnBundle[]): string {
  if (!(error instanceof Error)) return String(error);
  const at = /data:text\/javascript;base64,([A-Za-z0-9+/=]+):(\d+):(\d+)/u.exec(error.stack ?? '');
  const code = at?.[1] === undefined ? undefined : Buffer.from(at[1], 'base64').toString();
  const bundle = bundles.find((candidate) => candidate.code === code);
  if (bundle === undefined) return error.message;
  const map = new SourceMap(JSON.parse(bundle.map) as SourceMapPayload);
  const origin = map.findOrigin(Number(at?.[2]), Number(at?.[3]));
  return 'fileName' in origin
    ? `${error.message} (${origin.fileName}:${origin.lineNumber}:${origin.columnNumber})`
    : error.message;
}
