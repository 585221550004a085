import { headName } from '../schema/names.ts';
import type { HeadRecord, ModelRecord } from '../schema/records.ts';

/** What a citation names besides the head. */
interface Edition {
  /** The atlas's title. */
  readonly title: string;
  /** The head's permanent address. */
  readonly url: string;
  /** Of the program that made the atlas. */
  readonly version: string;
}

/** A BibTeX entry for a head, which says what it was computed from. */
export function headCitation(head: HeadRecord, model: ModelRecord, { title, url, version }: Edition): string {
  const stack = head.stack === 'self' ? '' : `${head.stack} `;
  const name = headName(head.layer, head.head);
  const fields = {
    title: `{Attention head ${stack}${name} of ${escaped(model.name)}}`,
    howpublished: escaped(title),
    url,
    note: `Pattern Atlas ${escaped(version)}; weights SHA-256 ${model.weightsSha256}`,
  };
  const lines = Object.entries(fields).map(([key, value]) => `  ${key} = {${value}},`);
  return [`@misc{${head.id.replaceAll('/', '-')},`, ...lines, '}'].join('\n');
}

/** Characters that TeX reads as commands, escaped. */
function escaped(text: string): string {
  return text.replace(/[&%$#_{}]/gu, (character) => `\\${character}`);
}
