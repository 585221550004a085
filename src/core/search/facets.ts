import type { PromptRecord } from '../../schema/records.ts';
import { languageName, languageOf } from './language.ts';

/** A property by which prompts can be narrowed down, with the values that occur. */
export interface Facet {
  /** In addresses and in the index. */
  readonly name: string;
  readonly title: string;
  readonly values: readonly FacetChoice[];
}

interface FacetChoice {
  readonly value: string;
  readonly title: string;
  /** All prompts have it: the index does not know it. */
  readonly isCommon: boolean;
}

/** What names look up in the atlas. */
interface Titles {
  readonly models: readonly { readonly id: string; readonly name: string }[];
  readonly sets: readonly { readonly name: string; readonly title: string }[];
}

type FacetedPrompt = Pick<PromptRecord, 'set' | 'text' | 'characters' | 'meta'> & {
  readonly models: readonly { readonly model: string }[];
};

/** Upper ends of the classes of length, in code points. */
const LENGTHS = [100, 300, 1000, 3000, 10_000];
/** A key of the rows is a facet if its values are few and shared. */
const MOST_VALUES = 24;
const LEAST_SHARED = 2;
const LONGEST_VALUE = 60;
/** What a page or the index knows by other names already. */
const OWN_KEYS: ReadonlySet<string> = new Set(['language', 'note']);

/** The keys of the prompts' metadata that are facets: short values, few of them, on average on more than two prompts. */
function metadataKeys(prompts: readonly FacetedPrompt[]): string[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { meta } of prompts) {
    for (const [key, value] of Object.entries(meta)) {
      if (OWN_KEYS.has(key)) continue;
      const values = counts.get(key) ?? new Map<string, number>();
      const word = wordOf(value) ?? '';
      values.set(word, (values.get(word) ?? 0) + 1);
      counts.set(key, values);
    }
  }
  return [...counts]
    .filter(([, values]) => {
      const total = [...values.values()].reduce((sum, count) => sum + count, 0);
      const isFew = values.size >= 2 && values.size <= MOST_VALUES;
      return isFew && !values.has('') && total > LEAST_SHARED * values.size;
    })
    .map(([key]) => key)
    .sort();
}

/**
 * The values that each prompt has of each facet, without those that all prompts have: they narrow nothing down, and an
 * index grows by every prompt that has a value.
 */
export function tellingValues(prompts: readonly FacetedPrompt[]): Record<string, string[]>[] {
  const keys = metadataKeys(prompts);
  const all = prompts.map((prompt) => facetValues(prompt, keys));
  const counts = new Map<string, number>();
  for (const values of all) for (const id of valueIds(values)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return all.map((values) =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, own]): [string, string[]][] => {
        const telling = own.filter((value) => (counts.get(valueId(name, value)) ?? 0) < prompts.length);
        return telling.length === 0 ? [] : [[name, telling]];
      }),
    ),
  );
}

function valueIds(values: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(values).flatMap(([name, own]) => own.map((value) => valueId(name, value)));
}

function valueId(name: string, value: string): string {
  return `${name}=${value}`;
}

/** The values that a prompt has of each facet, by the facet's name. */
function facetValues(prompt: FacetedPrompt, keys: readonly string[]): Record<string, string[]> {
  const own = keys.flatMap((key): [string, string[]][] => {
    const value = wordOf(prompt.meta[key]);
    return value === undefined ? [] : [[`meta.${key}`, [value]]];
  });
  return {
    set: [prompt.set],
    model: prompt.models.map(({ model }) => model),
    length: [lengthClass(prompt.characters)],
    language: [languageOf(prompt.text, prompt.meta.language)],
    ...Object.fromEntries(own),
  };
}

/** The facets that tell prompts apart, with their values in the order in which a page offers them. */
export function facetsOf(prompts: readonly FacetedPrompt[], { models, sets }: Titles): Facet[] {
  const keys = metadataKeys(prompts);
  const found = new Map<string, Map<string, number>>();
  for (const prompt of prompts) {
    for (const [name, own] of Object.entries(facetValues(prompt, keys))) {
      const known = found.get(name) ?? new Map<string, number>();
      for (const value of own) known.set(value, (known.get(value) ?? 0) + 1);
      found.set(name, known);
    }
  }
  const choice = (name: string, value: string, title: string): FacetChoice => ({
    value,
    title,
    isCommon: found.get(name)?.get(value) === prompts.length,
  });
  const choices = (name: string, titleOf: (value: string) => string) =>
    [...(found.get(name)?.keys() ?? [])].sort().map((value) => choice(name, value, titleOf(value)));
  const byName = (a: { title: string }, b: { title: string }) => a.title.localeCompare(b.title, 'en');
  const facets: Facet[] = [
    { name: 'set', title: 'Set', values: sets.map(({ name, title }) => choice('set', name, title)) },
    { name: 'model', title: 'Model', values: models.map(({ id, name }) => choice('model', id, name)) },
    {
      name: 'length',
      title: 'Length',
      values: LENGTH_CLASSES.filter(({ value }) => found.get('length')?.has(value)).map(({ value, title }) =>
        choice('length', value, title),
      ),
    },
    { name: 'language', title: 'Language', values: choices('language', languageName).sort(byName) },
    ...keys.map((key) => ({
      name: `meta.${key}`,
      title: key,
      values: choices(`meta.${key}`, (value) => value),
    })),
  ];
  return facets.filter(({ values: offered }) => offered.length > 1);
}

const LENGTH_CLASSES = [...LENGTHS, Infinity].map((greatest, at) => {
  const least = (LENGTHS[at - 1] ?? 0) + 1;
  const words =
    greatest === Infinity
      ? `${least.toLocaleString('en')} characters and more`
      : `${least.toLocaleString('en')} to ${greatest.toLocaleString('en')} characters`;
  return { value: `${least}-`, title: words };
});

function lengthClass(characters: number): string {
  const at = LENGTHS.findIndex((greatest) => characters <= greatest);
  return LENGTH_CLASSES.at(at)?.value ?? '';
}

/** A metadata value as a word that a facet can offer. */
function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_VALUE ? value : undefined;
}
