import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkFolder } from './reference/check-folder.ts';

/*
 * Imports a data folder of pattern-lens, compares every value, and weighs packs against its pictures:
 * `npm run check:reference -- FOLDER`.
 */
/** The most that packs may have of the bytes of pattern-lens's pictures of the same patterns. */
const MOST = { compact: 0.45, fine: 0.7 } as const;

const [folder] = process.argv.slice(2);
if (folder === undefined || !(await stat(folder).catch(() => undefined))?.isDirectory()) {
  throw new Error('Name a data folder of pattern-lens: npm run check:reference -- FOLDER');
}
const scratch = await mkdtemp(join(tmpdir(), 'atlas-reference-'));
try {
  let isSmall = true;
  for (const { model, patterns, png, isPngThere, packs, maxError } of await checkFolder(
    resolve(folder),
    scratch,
  )) {
    const origin = isPngThere ? 'in its folder' : 'drawn anew';
    process.stdout.write(
      `${model}: ${patterns} patterns; pattern-lens's pictures (${origin}) have ${png} bytes\n`,
    );
    for (const precision of ['compact', 'fine'] as const) {
      const ratio = packs[precision] / png;
      const fits = ratio <= MOST[precision];
      isSmall &&= fits;
      process.stdout.write(
        `  ${precision.padEnd(7)} ${packs[precision]} bytes, ${ratio.toFixed(3)} of them ` +
          `(at most ${MOST[precision]}: ${fits ? 'yes' : 'NO'}), off by up to ${maxError[precision].toPrecision(3)}\n`,
      );
    }
    process.stdout.write(`  exact   ${packs.exact} bytes, ${(packs.exact / png).toFixed(3)} of them\n`);
  }
  if (!isSmall) throw new Error('Packs are larger than they may be.');
} finally {
  await rm(scratch, { recursive: true });
}
