import { patternCsv } from '../../core/export/pattern-csv.ts';
import type { SheetContent } from '../../core/export/plot-sheet.ts';
import { sheetSvg } from '../../core/export/sheet-svg.ts';
import { encodeNpz } from '../../core/npz/npz.ts';
import { sheetPng } from './sheet-canvas.ts';

export type ExportKind = 'png' | 'svg' | 'csv' | 'npz';

/** What a file is made from, and the name of its array. */
export interface ExportContent extends SheetContent {
  /** Of the array in an npz file, such as `blocks.2.attn.hook_pattern.head_1`. */
  readonly arrayName: string;
}

/** One pattern as a file: a picture of what is in sight, or the values of the whole. */
export async function exportFile(kind: ExportKind, content: ExportContent, zoom: number): Promise<Blob> {
  if (kind === 'png') return sheetPng(content, zoom);
  if (kind === 'svg') return new Blob([sheetSvg(content)], { type: 'image/svg+xml' });
  if (kind === 'csv') return new Blob([patternCsv(content)], { type: 'text/csv' });
  const { rows, columns, values } = content.pattern;
  const file = encodeNpz([{ name: content.arrayName, shape: [rows, columns], values }]);
  return new Blob([new Uint8Array(file)], { type: 'application/zip' });
}

/** Hands a file to the visitor's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
