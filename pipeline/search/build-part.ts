import { gunzipSync } from 'node:zlib';
import * as pagefind from 'pagefind';
import type { CustomRecord } from 'pagefind';
import { INDEX_LANGUAGE } from './search-records.ts';

/** Code, markup and JSON are prompts too: these are searched for like letters. Quotes around words search a phrase. */
const SEARCHED_PUNCTUATION = '_<>{}[]()=+*/#@$%&:;-';
const FRAGMENT = /^fragment\/(.+)\.pf_fragment$/u;
/** Stands before a fragment's JSON. */
const SIGNATURE = 'pagefind_dcd';

/** One index of Pagefind. */
interface Part {
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
  /** Pagefind's names of `records`, in their order. */
  readonly ids: readonly string[];
}

/**
 * Indexes `records` and `others`.
 *
 * Pagefind names a record by the beginning of its hash, unique in its index only, while results of merged indexes say
 * no more of themselves than that name. So a record whose name is taken already is indexed again with another filter
 * value that nobody asks for, until its name is its own.
 *
 * @param taken names in other parts
 */
export async function buildPart(
  records: readonly CustomRecord[],
  others: readonly CustomRecord[],
  taken: ReadonlySet<string>,
): Promise<Part> {
  const turns = new Map<string, number>();
  for (;;) {
    const turned = records.map((record) => {
      const turn = turns.get(record.url);
      return turn === undefined
        ? record
        : { ...record, filters: { ...record.filters, turn: [String(turn)] } };
    });
    const files = await indexFiles([...turned, ...others]);
    const ids = idsOf(files);
    const clashing = records.filter(({ url }) => taken.has(ids.get(url) ?? ''));
    if (clashing.length === 0) {
      return {
        files,
        ids: records.map(({ url }) => {
          const id = ids.get(url);
          if (id === undefined) throw new Error(`Pagefind left out ${url}`);
          return id;
        }),
      };
    }
    for (const { url } of clashing) turns.set(url, (turns.get(url) ?? 0) + 1);
  }
}

async function indexFiles(records: readonly CustomRecord[]): Promise<Part['files']> {
  const { index } = answer(
    await pagefind.createIndex({ forceLanguage: INDEX_LANGUAGE, includeCharacters: SEARCHED_PUNCTUATION }),
  );
  if (index === undefined) throw new Error('Pagefind gave no index');
  for (const record of records) answer(await index.addCustomRecord(record));
  const { files } = answer(await index.getFiles());
  await index.deleteIndex();
  return files;
}

/** Pagefind's names by address, read from its fragments. */
function idsOf(files: Part['files']): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { path, content } of files) {
    const id = FRAGMENT.exec(path)?.[1];
    if (id === undefined) continue;
    const text = gunzipSync(content).toString();
    if (!text.startsWith(SIGNATURE)) throw new Error(`Pagefind wrote ${path} in a form that is not known`);
    ids.set((JSON.parse(text.slice(SIGNATURE.length)) as { url: string }).url, id);
  }
  return ids;
}

/** Pagefind reports problems in its answers; none may pass unseen. */
function answer<T extends { readonly errors: string[] }>(response: T): T {
  if (response.errors.length > 0) throw new Error(`Pagefind: ${response.errors.join('; ')}`);
  return response;
}
