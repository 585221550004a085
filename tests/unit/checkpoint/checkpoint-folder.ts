import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const FIXTURES = join(import.meta.dirname, '../../fixtures/oracle');

/** A copy of a fixture's folder that lives as long as the test. */
export function copyFixture(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-checkpoint-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

/** Writes other values into config.json; undefined takes a key away. */
export function changeConfig(folder: string, changes: Readonly<Record<string, unknown>>): void {
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...config, ...changes }));
}
