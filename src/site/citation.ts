import { headName } from '../schema/head-name.ts';
import type { HeadAddress } from '../schema/urls.ts';

/** A model's name, as written, and the checksum of its weights, or of its patterns where they were imported. */
export interface CitedModel {
  readonly name: string;
  readonly weightsSha256?: string | undefined;
  readonly patternsSha256?: string | undefined;
}

/** What a citation says of the site. */
export interface Edition {
  /** The atlas's title. */
  readonly title: string;
  /** Of the program that made the atlas. */
  readonly version: string;
}

/** What a citation says of a head. */
interface Cited extends Edition {
  readonly model: CitedModel;
  /** The permanent address of what is cited. */
  readonly url: string;
  /** The prompt's title, where one pattern is cited and not the head. */
  readonly prompt?: string | undefined;
}

/** A BibTeX entry for a head or one of its patterns, which says what it was computed from. */
export function headCitation(head: HeadAddress, { model, title, url, version, prompt }: Cited): string {
  const stack = head.stack === 'self' ? '' : `${head.stack} `;
  const name = headName(head.layer, head.head);
  const on = prompt === undefined ? '' : ` on \`\`${escaped(prompt)}''`;
  const fields = {
    title: `{Attention head ${stack}${name} of ${escaped(model.name)}${on}}`,
    howpublished: escaped(title),
    url,
    note: `Pattern Atlas ${escaped(version)}; ${checksum(model)}`,
  };
  const lines = Object.entries(fields).map(([key, value]) => `  ${key} = {${value}},`);
  const id = [head.model, ...(head.stack === 'self' ? [] : [head.stack]), `L${head.layer}`, `H${head.head}`];
  return [`@misc{${id.join('-')},`, ...lines, '}'].join('\n');
}

function checksum({ weightsSha256, patternsSha256 }: CitedModel): string {
  return weightsSha256 === undefined
    ? `imported patterns, SHA-256 ${patternsSha256 ?? 'unknown'}`
    : `weights SHA-256 ${weightsSha256}`;
}

/** Characters that TeX reads as commands, escaped. */
function escaped(text: string): string {
  return text.replace(/[&%$#_{}]/gu, (character) => `\\${character}`);
}
