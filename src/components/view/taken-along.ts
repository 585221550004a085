import { pythonSnippet } from '../../core/export/python-snippet.ts';
import type { PatternAddress } from '../../schema/view-state.ts';
import { headTitle } from '../atlas/head-title.ts';

/** The name of a saved file, without its end. */
export function fileNameOf(address: PatternAddress, figure?: string): string {
  const parts = [address.model, headTitle(address).replaceAll(' ', '-'), address.prompt];
  return [...parts, ...(figure === undefined ? [] : [figure])].join('-');
}

/**
 * The words to paste elsewhere.
 *
 * @param frame the address of the pattern in a frame of another page
 */
export function patternSnippets(of: {
  readonly fileName: string;
  readonly arrayName: string;
  readonly title: string;
  readonly frame: string;
  readonly citation: string | undefined;
}): { readonly label: string; readonly text: string }[] {
  const { fileName, arrayName, title, frame, citation } = of;
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const embed = `<iframe src="${escaped(frame)}" title="${escaped(title)}" width="760" height="900" loading="lazy"></iframe>`;
  return [
    { label: 'Python, for the NPZ', text: pythonSnippet(`${fileName}.npz`, arrayName) },
    { label: 'HTML of a frame', text: embed },
    ...(citation === undefined ? [] : [{ label: 'BibTeX', text: citation }]),
  ];
}
