import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { serveSite, type SiteServer } from '../pipeline/server/serve-site.ts';

const compress = promisify(gzip);
const TEXTS = /^(text\/|application\/(javascript|json)|image\/svg)/u;

/**
 * Serves a built site as GitHub Pages does: by HTTP/2, texts compressed by gzip. The certificate is made by `openssl`, which
 * must be at hand, and no browser trusts it unasked.
 */
export async function serveCompressed(folder: string): Promise<SiteServer> {
  const site = await serveSite({ folder, base: '/', port: 0 });
  const kept = new Map<string, { status: number; type: string; body: Buffer; isText: boolean }>();
  const answer = async (path: string) => {
    const known = kept.get(path);
    if (known !== undefined) return known;
    const response = await fetch(new URL(path.replace(/^\/+/u, ''), site.url));
    const type = response.headers.get('content-type') ?? 'application/octet-stream';
    const bytes = Buffer.from(await response.arrayBuffer());
    const isText = TEXTS.test(type);
    const found = { status: response.status, type, body: isText ? await compress(bytes) : bytes, isText };
    kept.set(path, found);
    return found;
  };
  const server = createSecureServer({ ...certificate(), allowHTTP1: true }, (request, response) => {
    answer(request.url.replace(/\?.*$/u, '')).then(
      ({ status, type, body, isText }) => {
        response.writeHead(status, {
          'content-type': type,
          'content-length': body.length,
          'cache-control': 'max-age=600',
          ...(isText ? { 'content-encoding': 'gzip' } : {}),
        });
        response.end(body);
      },
      () => {
        response.stream.close();
      },
    );
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/`,
    async close() {
      server.close();
      for (const session of sessions) session.destroy();
      await site.close();
    },
  };
}

function certificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1'];
  try {
    execFileSync('openssl', ['req', '-x509', ...made, '-subj', '/CN=localhost'], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
