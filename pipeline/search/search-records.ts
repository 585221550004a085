import type { CustomRecord } from 'pagefind';
import { separateSigns } from '../../src/core/search/unspaced-signs.ts';
import { withStrongest, type StrongestMark } from '../../src/core/search/strongest-mark.ts';
import type { PromptRecord } from '../../src/schema/records.ts';
import type { SearchPages } from '../../src/schema/search-catalogue.ts';
import { paths } from '../../src/schema/urls.ts';

/** The language that all records are indexed under: one index over all, where Pagefind would otherwise make one each. */
export const INDEX_LANGUAGE = 'en';

/** A prompt as Pagefind takes it. */
export function promptRecord(
  { id, text, title }: PromptRecord,
  facets: Readonly<Record<string, string[]>>,
  strongest: StrongestMark | undefined,
): CustomRecord {
  const path = paths.prompt(id);
  return record(strongest === undefined ? path : withStrongest(path, strongest), title, text, facets);
}

/** A note, figure or metric as Pagefind takes it. */
export function pageRecord({ kind, path, title, text }: SearchPages[number]): CustomRecord {
  return record(path, title, text, { kind: [kind] });
}

function record(
  url: string,
  title: string,
  text: string,
  filters: Readonly<Record<string, string[]>>,
): CustomRecord {
  return {
    url,
    content: separateSigns(text),
    language: INDEX_LANGUAGE,
    meta: { title: separateSigns(title).replace(/\s+/gu, ' ').trim() }, // searched too, as everything in it is
    filters: { ...filters },
  };
}
