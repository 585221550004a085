import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readHubSettings } from '../../../pipeline/hub/hub-settings.ts';
import { codeOfAsync } from '../error-code.ts';

describe("the hub's environment variables", () => {
  it('say where the cache is, the nearest first', async () => {
    const cacheOf = async (env: NodeJS.ProcessEnv) => (await readHubSettings(env, '/home/me')).cache;
    expect(await cacheOf({})).toBe(join('/home/me/.cache/huggingface/hub'));
    expect(await cacheOf({ XDG_CACHE_HOME: '/x' })).toBe(join('/x/huggingface/hub'));
    expect(await cacheOf({ XDG_CACHE_HOME: '/x', HF_HOME: '~/hf' })).toBe(join('/home/me/hf/hub'));
    expect(await cacheOf({ HF_HOME: '/hf', HUGGINGFACE_HUB_CACHE: '/old' })).toBe('/old');
    expect(await cacheOf({ HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '~' })).toBe('/home/me');
  });

  it('hold the token, or the file that a login wrote does', async () => {
    const home = mkdtempSync(join(tmpdir(), 'atlas-hf-home-'));
    onTestFinished(() => {
      rmSync(home, { recursive: true });
    });
    const tokenOf = async (env: NodeJS.ProcessEnv) =>
      (await readHubSettings({ HF_HOME: home, ...env })).token;
    expect(await tokenOf({})).toBeUndefined();
    writeFileSync(join(home, 'token'), 'hf_file\n');
    expect(await tokenOf({})).toBe('hf_file');
    expect(await tokenOf({ HF_TOKEN: 'hf_env' })).toBe('hf_env');
    expect(await tokenOf({ HF_TOKEN: '' })).toBeUndefined();
  });

  it('name another hub, and keep from asking any', async () => {
    expect(
      await readHubSettings({ HF_ENDPOINT: 'https://hub.example/', HF_HUB_OFFLINE: 'yes' }),
    ).toMatchObject({
      endpoint: 'https://hub.example',
      isOffline: true,
    });
    expect(await readHubSettings({ HF_HUB_OFFLINE: '0' })).toMatchObject({
      endpoint: 'https://huggingface.co',
      isOffline: false,
    });
    expect(await codeOfAsync(() => readHubSettings({ HF_ENDPOINT: 'hub.example' }))).toBe(
      'hub-settings-invalid',
    );
  });
});
