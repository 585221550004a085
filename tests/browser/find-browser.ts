import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * The path of a Chromium: `CHROME_PATH`, one that is installed, Playwright's own, or else one installed now where
 * that needs no question (Debian or Ubuntu, as root).
 *
 * @throws Error with what to do, where there is none: the browser tests never pass unseen
 */
export function findBrowser(): string {
  const own = process.env.CHROME_PATH;
  if (own !== undefined && own !== '') return own;
  const found = installed() ?? [MAC, chromium.executablePath()].find((path) => existsSync(path));
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'ignore' });
    const fresh = installed();
    if (fresh !== undefined) return fresh;
  }
  throw new Error('The browser tests need Chrome or Chromium: install one, or name it in CHROME_PATH.');
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(':');
  return NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find((path) =>
    existsSync(path),
  );
}
