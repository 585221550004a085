import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { atlasError } from '../../src/schema/errors/index.ts';

/** How the hub is reached, from the environment variables that Hugging Face's own programs read. */
export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** The folder of the cache. */
  readonly cache: string;
  readonly token?: string;
  /** Nothing may be downloaded. */
  readonly isOffline: boolean;
}

const TRUE = /^(1|on|yes|true)$/iu;

/**
 * @param home the user's folder, where the cache is unless a variable says otherwise
 * @throws AtlasError `hub-settings-invalid`
 */
export async function readHubSettings(env: NodeJS.ProcessEnv, home = homedir()): Promise<HubSettings> {
  const path = (...names: readonly string[]): string | undefined => {
    const value = names.map((name) => env[name]).find((each) => each !== undefined && each !== '');
    return value?.replace(/^~(?=$|[/\\])/u, home);
  };
  const hfHome = path('HF_HOME') ?? join(path('XDG_CACHE_HOME') ?? join(home, '.cache'), 'huggingface');
  const token =
    env.HF_TOKEN ??
    env.HUGGING_FACE_HUB_TOKEN ??
    (await readFile(path('HF_TOKEN_PATH') ?? join(hfHome, 'token'), 'utf8').catch(() => ''));
  return {
    endpoint: endpointOf(env.HF_ENDPOINT),
    cache: path('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE') ?? join(hfHome, 'hub'),
    ...(token.trim() === '' ? {} : { token: token.trim() }),
    isOffline: [env.HF_HUB_OFFLINE, env.TRANSFORMERS_OFFLINE].some((value) => TRUE.test(value ?? '')),
  };
}

function endpointOf(value: string | undefined): string {
  if (value === undefined || value === '') return 'https://huggingface.co';
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    throw atlasError('hub-settings-invalid', { variable: 'HF_ENDPOINT', value });
  }
  return value.replace(/\/+$/u, '');
}
