const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as it stands in SVG, also within quotes; characters that XML has no place for are left out. */
export function escapeText(text: string): string {
  return text
    .replace(/[\p{Cc}\u{FFFE}\u{FFFF}]|\p{Cs}/gu, '')
    .replace(/[&<>"]/gu, (character) => ESCAPES[character] ?? '');
}

/** A place in a drawing, to a tenth. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A token as it is written beside a drawing: spaces and line ends as marks, long ones cut. */
export function tokenLabel(token: string): string {
  const marked = token.replace(/\n/gu, '⏎').replace(/ /gu, '·');
  return [...marked].length > 14 ? `${[...marked].slice(0, 13).join('')}…` : marked;
}
