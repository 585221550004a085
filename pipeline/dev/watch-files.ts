import { watch, type FSWatcher } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Several writes of one save are one change. */
const TOGETHER_MS = 30;

/** Tells when files change. */
export interface FileWatch {
  /** Looks at these files from now on; absolute. */
  follow(files: readonly string[]): void;
  /** Resolves after the next change of one of them, or of one since it resolved last; rejects when `signal` aborts. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Watches the folders that files lie in, for editors put a new file in the place of the old one. */
export function watchFiles(): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let wanted = new Set<string>();
  let isPending = false;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isPending = true;
      wake?.();
    }, TOGETHER_MS);
  };
  return {
    follow(files) {
      wanted = new Set(files);
      const folders = new Set(files.map((file) => dirname(file)));
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders) {
        if (watchers.has(folder)) continue;
        const watcher = watch(folder, (_, name) => {
          if (name === null || wanted.has(resolve(folder, name))) changed();
        });
        watcher.on('error', changed);
        watchers.set(folder, watcher);
      }
    },
    async next(signal) {
      signal.throwIfAborted();
      if (!isPending) {
        const { promise, resolve: done, reject } = Promise.withResolvers<undefined>();
        const stop = () => {
          reject(signal.reason as Error);
        };
        wake = () => {
          done(undefined);
        };
        signal.addEventListener('abort', stop, { once: true });
        await promise.finally(() => {
          signal.removeEventListener('abort', stop);
        });
      }
      isPending = false;
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
