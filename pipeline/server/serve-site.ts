import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { atlasError } from '../../src/schema/errors/index.ts';

export interface SiteServer {
  /** Where the site's home page is, base path included, with a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a built site as a static host does: files below `base`, byte ranges, `404.html` for the rest. Only this
 * machine can reach it.
 *
 * @param options.port 0 takes any free port
 * @throws AtlasError `site-missing`, `port-unusable`
 */
export async function serveSite(options: {
  readonly folder: string;
  readonly base: string;
  readonly port: number;
}): Promise<SiteServer> {
  const { folder, port } = options;
  const base = `${options.base.replace(/\/+$/u, '')}/`;
  const isSite = await stat(join(folder, 'index.html')).catch(() => undefined);
  if (isSite === undefined) throw atlasError('site-missing', { path: folder });
  const notFound = await readFile(join(folder, '404.html')).catch(() => Buffer.from('Not found\n'));
  const assets = sirv(folder, { dev: true, etag: true, extensions: ['html'] });

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    const missing = () => {
      response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' });
      response.end(request.method === 'HEAD' ? undefined : notFound);
    };
    if (!path.startsWith(base)) {
      if (base.startsWith(path) || `${path}/` === base) response.writeHead(302, { location: base }).end();
      else missing();
      return;
    }
    request.url = `/${path.slice(base.length)}`;
    assets(request, response, missing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(atlasError('port-unusable', { port, reason: error.message }, {}, error));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: used } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${used}${base}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}
