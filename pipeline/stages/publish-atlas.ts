import { join } from 'node:path';
import pMap from 'p-map';
import { COLLECTION_FILES } from '../../src/schema/records.ts';
import { HEAD_MEANS } from '../../src/schema/head-means.ts';
import type { RunRecord } from '../../src/schema/manifest.ts';
import { assets } from '../../src/schema/urls.ts';
import { figuresOf } from '../load-config.ts';
import type { RunContext } from '../run-context.ts';
import type { Store } from '../store/store.ts';
import { besideFiles } from './beside-files.ts';
import type { FigureImage } from './figure-images.ts';
import { storeHeadMeans } from './head-means.ts';
import { liveModels } from './live-models.ts';
import { filesOfManifest, manifestText, runText } from './manifest.ts';
import { publish, type Publication } from './publish.ts';
import type { FinishedJob } from './records.ts';
import { siteRecords, type Harvest } from './site-records.ts';
import { packHeaderOf } from './stored-sources.ts';

const GENERATED = '/generated/';
const MANIFEST = below(assets.manifest());
type LiveModels = Awaited<ReturnType<typeof liveModels>>;
const RUN = below(assets.run());

/**
 * Puts the files of the site into `public/generated/` and its records into `content/generated/`. The record of the
 * atlas and the manifest go before the first change, and come back last: a run that is cut off in between leaves a site
 * that refuses to be built, never one that mixes two runs, and no manifest that vouches for what it does not know.
 */
export async function publishAtlas(
  harvest: Omit<Harvest, 'maxError' | 'live'> & {
    readonly images: readonly FigureImage[];
    readonly seconds: number;
    /** Of the run so far; what is published here is added by the reporter. */
    readonly stages: NonNullable<RunRecord['stages']>;
  },
  store: Store,
  { files, reporter }: Pick<RunContext, 'files' | 'reporter'>,
): Promise<void> {
  const { loaded, finished, prompts } = harvest;
  const start = performance.now();
  const publicFolder = join(loaded.root, 'public/generated');
  const contentFolder = join(loaded.root, 'content/generated');
  const maxError = Math.max(
    ...(await pMap(finished, ({ packKey }) => packErrorOf(store, packKey), { concurrency: 16 })),
  );
  const models = [...new Set(finished.map(({ job }) => job.model))];
  const live = await liveModels(models, loaded.config.live.maxBytes);
  const means = await addHeadMeans(live, finished, store);
  const records = siteRecords({ ...harvest, maxError, live });

  const manifestPath = join(publicFolder, MANIFEST);
  const atlasPath = join(contentFolder, COLLECTION_FILES.atlas);
  const atlasText = records.collections.get(COLLECTION_FILES.atlas) ?? '';
  const oldManifest = await readText(files, manifestPath);
  const isSameAtlas = (await readText(files, atlasPath)) === atlasText;
  const takeDown = async () => {
    await files.remove(atlasPath, contentFolder);
    await files.remove(manifestPath, publicFolder);
    for (const folder of [contentFolder, publicFolder]) await files.syncFolder(folder);
  };
  const publications: Publication[] = [
    ...filePublications(finished, harvest.images),
    ...besideFiles(
      finished.map(({ job }) => job),
      figuresOf(loaded),
      below,
    ),
    ...livePublications(live),
    ...means,
    { path: below(assets.index()), text: records.index },
  ];
  const published = await publish(publicFolder, publications, {
    files,
    store,
    previous: filesOfManifest(oldManifest),
    keep: [MANIFEST, RUN],
    beforeChange: takeDown,
  });
  if (!isSameAtlas) await takeDown();

  for (const [name, text] of records.collections) {
    const path = join(contentFolder, name);
    if ((await readText(files, path)) !== text) await files.write(path, text);
  }
  const manifest = manifestText(
    loaded.config,
    { models, prompts: prompts.length, maxError },
    published.files,
  );
  if ((await readText(files, manifestPath)) !== manifest) await files.write(manifestPath, manifest);
  for (const folder of [contentFolder, publicFolder]) await files.syncFolder(folder);
  const seconds = (performance.now() - start) / 1000;
  reporter.finished({
    stage: 'site files',
    made: published.written,
    reused: published.kept,
    failed: 0,
    seconds,
  });
  await files.write(join(publicFolder, RUN), runText(harvest.seconds + seconds, harvest.stages));
}

function filePublications(finished: readonly FinishedJob[], images: readonly FigureImage[]): Publication[] {
  return [
    ...finished.map(({ job, packKey }): Publication => {
      return { path: below(assets.pack(job.model.source.id, job.prompt.id)), stage: 'packs', key: packKey };
    }),
    ...images.map(({ path, key }): Publication => ({ path: below(path), stage: 'figures', key })),
  ];
}

/** Adds to the files of each model what its heads read on average, for mean ablation. */
async function addHeadMeans(
  live: LiveModels,
  finished: readonly FinishedJob[],
  store: Store,
): Promise<Publication[]> {
  const publications: Publication[] = [];
  for (const [model, shipped] of live) {
    const jobs = finished.flatMap(({ job }) => (job.model === model ? [job] : []));
    const key = await storeHeadMeans(model, jobs, store);
    shipped.files.push({ name: HEAD_MEANS, ...(await store.seal('head-means', key)) });
    publications.push({ path: below(assets.live(model.source.id, HEAD_MEANS)), stage: 'head-means', key });
  }
  return publications;
}

function livePublications(live: LiveModels): Publication[] {
  return [...live].flatMap(([{ source }, shipped]) =>
    shipped.files
      .filter(({ name }) => name !== HEAD_MEANS)
      .map(({ name, bytes, sha256 }): Publication => ({
        path: below(assets.live(source.id, name)),
        from: join(source.folder, name),
        bytes,
        sha256,
      })),
  );
}

async function packErrorOf(store: Store, key: string): Promise<number> {
  return (await packHeaderOf(store, 'packs', key)).maxError;
}

function below(path: string): string {
  return path.slice(GENERATED.length);
}

async function readText(files: RunContext['files'], path: string): Promise<string | undefined> {
  const bytes = await files.read(path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}
