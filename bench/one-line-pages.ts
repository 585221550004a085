import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secondsOf } from './measure-command.ts';

/** Seconds that Astro takes to build `count` pages of one line each: what a site of that size costs at least. */
export async function secondsOfOneLinePages(count: number, folder: string, modules: string): Promise<number> {
  await mkdir(join(folder, 'src/pages'), { recursive: true });
  await symlink(modules, join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'astro.config.mjs'), 'export default {};\n');
  await writeFile(
    join(folder, 'src/pages/[page].astro'),
    `---
export const getStaticPaths = () => Array.from({ length: ${count} }, (_, page) => ({ params: { page: String(page) } }));
const { page } = Astro.params;
---
<p>{page}</p>
`,
  );
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' };
  return secondsOf(process.execPath, [join(modules, 'astro/bin/astro.mjs'), 'build'], { cwd: folder, env });
}
