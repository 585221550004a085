import { atlasError } from '../../src/schema/errors/index.ts';
import { withNpz } from '../npz/open-npz.ts';
import type { HashedFile } from '../stages/plan.ts';
import { outputKey, type Store } from '../store/store.ts';
import { hashFile } from './hash-file.ts';
import type { ImportEntry } from './list-entries.ts';
import { promptOfNpz, readPromptOf, type ImportedPrompt } from './read-prompt.ts';
import { scanNpz, type NpzScan } from './scan-npz.ts';
import { tokenRows, type TokenRows } from './token-rows.ts';

/** Raised when a scan comes to find other things in the same file. */
const SCAN_VERSION = 1;

/** The key of what was found in an npz file of that SHA-256, in the stage `imports`. */
export function scanKey(npzSha256: string): string {
  return outputKey('imports', SCAN_VERSION, { npz: npzSha256 });
}

/** A prompt with the npz file of its patterns, all of it read and checked. */
export interface ReadEntry extends ImportedPrompt {
  readonly npz: HashedFile;
  readonly scan: NpzScan;
  readonly tokens: TokenRows;
  /** The scan was in the store. */
  readonly isKnown: boolean;
}

/**
 * Reads an entry. An npz file is scanned once: what was found is kept in the store under the SHA-256 of its bytes.
 *
 * @param keep whether a new scan goes into the store
 * @throws AtlasError of the prompt, or of the npz file
 */
export async function readEntry(entry: ImportEntry, store: Store, keep: boolean): Promise<ReadEntry> {
  const told = await readPromptOf(entry);
  const npz = await hashFile(entry.npz);
  const key = scanKey(npz.sha256);
  const known = (await store.has('imports', key))
    ? (JSON.parse(Buffer.from(await store.read('imports', key)).toString()) as NpzScan)
    : undefined;
  const count = told?.pieces?.length;
  const expectedRows = count === undefined ? undefined : [count, count + 1];
  const scan = known ?? (await withNpz(entry.npz, (file) => scanNpz(file, expectedRows)));
  if (known === undefined && keep) await store.write('imports', key, Buffer.from(JSON.stringify(scan)));

  const prompt = told ?? promptOfNpz(entry, scan);
  const n = scan.stacks[0]?.rows ?? 0;
  const pieces = prompt.pieces;
  if (pieces !== undefined && n !== pieces.length && n !== pieces.length + 1) {
    const reason = `It has ${pieces.length} tokens, and its patterns ${n} rows.`;
    throw atlasError('import-prompt-invalid', { reason }, { file: entry.promptFile ?? entry.npz });
  }
  return {
    ...prompt,
    npz,
    scan,
    tokens: tokenRows(n, pieces, prompt.row.text),
    isKnown: known !== undefined,
  };
}
