import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const ASTRO = fileURLToPath(new URL('../../node_modules/astro/bin/astro.mjs', import.meta.url));

/** Astro's server of the site, in a process of its own. What it says goes to the terminal's error stream. */
export interface SiteProcess {
  start(): void;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
  /** Resolves with what is to be said when it ended by itself. */
  readonly ended: Promise<string>;
}

export function siteProcess(configFile: string, port: number): SiteProcess {
  let child: ChildProcess | undefined;
  const ended = Promise.withResolvers<string>();
  return {
    ended: ended.promise,
    start() {
      const started = spawn(process.execPath, [ASTRO, 'dev', '--port', String(port)], {
        cwd: PROJECT,
        env: {
          ...process.env,
          NODE_ENV: 'development',
          ATLAS_CONFIG: configFile,
          ASTRO_TELEMETRY_DISABLED: '1',
        },
        stdio: ['ignore', process.stderr, process.stderr],
      });
      child = started;
      started.on('exit', (code, signal) => {
        if (child === started) ended.resolve(`it ended with ${code ?? signal ?? 'no code'}`);
      });
    },
    async stop() {
      const stopping = child;
      child = undefined;
      if (stopping?.exitCode !== null || stopping.signalCode !== null) return;
      const gone = new Promise((resolve) => stopping.once('exit', resolve));
      stopping.kill('SIGTERM');
      await gone;
    },
  };
}
