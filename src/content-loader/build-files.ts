import { readFile } from 'node:fs/promises';
import { manifestSchema, runSchema, type Manifest, type RunRecord } from '../schema/manifest.ts';
import { checkRecord } from '../schema/check-record.ts';
import { inAtlasFolder } from './atlas-folder.ts';
import { readable } from './readable.ts';

/** What the pipeline says of the run that made the site's data; either may be missing after a run that was cut off. */
export interface BuildFiles {
  readonly manifest: Manifest | undefined;
  readonly run: RunRecord | undefined;
}

/** @throws Error with the text of the AtlasError `record-invalid` where a file is there and not valid */
export function buildFiles(): Promise<BuildFiles> {
  return readable(async () => ({
    manifest: await read('manifest', manifestSchema),
    run: await read('run', runSchema),
  }));
}

async function read<T>(name: string, schema: Parameters<typeof checkRecord<T>>[1]): Promise<T | undefined> {
  const path = inAtlasFolder('public/generated', `${name}.json`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : checkRecord(name, schema, JSON.parse(text));
}
