import { getCollection, type CollectionEntry } from 'astro:content';
import { paths } from '../schema/urls.ts';

let loaded: Promise<ReadonlyMap<string, CollectionEntry<'notes'>[]>> | undefined;

/** The notes on the head with this id, such as `tiny-gpt2/L1/H2`, in the order of their files' names. */
export async function notesOn(head: string): Promise<readonly CollectionEntry<'notes'>[]> {
  loaded ??= getCollection('notes').then((notes) =>
    Map.groupBy(
      notes.toSorted((a, b) => a.id.localeCompare(b.id)),
      ({ data }) => paths.head(data).slice(1, -1),
    ),
  );
  return (await loaded).get(head) ?? [];
}
