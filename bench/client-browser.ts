import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { CHROMIUM } from '../test/support/browser.js';

/** What the page does; it reports to the server that it comes from. */
const PAGE = `<!doctype html>
<script type="importmap">
  {"imports": {"face-comparison-client": "/face-comparison-client/dist/index.js", "openapi-fetch": "/openapi-fetch/dist/index.mjs"}}
</script>
<script type="module">
  import { FaceComparisonClient } from 'face-comparison-client';
  const read = async (name) => (await fetch('/photographs/' + name)).blob();
  const result = [];
  try {
    const client = new FaceComparisonClient({ baseUrl: new URL(location.href).searchParams.get('service') });
    const obama = await read('obama.jpg');
    result.push((await client.compare(obama, await read('obama2.jpg'), { requestId: 'browser' })).match);
    const { faces, weights } = await client.embed(await (await read('obama2.jpg')).arrayBuffer());
    const { results } = await client.compareMany(obama, [{ embedding: faces[0].embedding, weights }]);
    result.push(results[0].match);
    await client.compare(obama, await read('cat.png')).catch(({ code, image, requestId }) => result.push(code, image, typeof requestId));
  } catch (error) {
    result.push(String(error));
  }
  await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
</script>`;

const EXPECTED = JSON.stringify([true, true, 'NO_FACE', 2, 'string']);

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript' };

/**
 * Uses the client in a page of another origin, in the browser of the machine. The page comes from a real server: Chromium
 * does not let a page that Playwright makes up reach a service on this machine.
 *
 * @param service the address of a service that all origins may call
 * @param folder that has the client installed
 * @returns the browser; undefined if there is none
 * @throws Error if the page reports something else than expected
 */
export async function useInBrowser(service: string, folder: string): Promise<string | undefined> {
  const browser = CHROMIUM;
  if (browser === undefined) return undefined;
  const server = createServer();
  const reported = new Promise<string>((resolve) => {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      serve(request, response, folder, resolve);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?service=${encodeURIComponent(service)}`;
  const profile = mkdtempSync(join(tmpdir(), 'browser-'));
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(browser, [...options, page], { stdio: 'ignore' });
  const ended = once(child, 'exit').then(() => 'the browser ended');
  const result = await Promise.race([reported, ended]);
  child.kill();
  await ended;
  server.close();
  server.closeAllConnections();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  if (result !== EXPECTED) throw new Error(`the client in ${browser}: expected ${EXPECTED} but got ${result}`);
  return browser;
}

/** The page, the modules that it imports and its photographs. */
function serve(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  report: (result: string) => void,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/result') {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      response.end();
      report(text);
    });
    return;
  }
  const type = pathname === '/' ? 'html' : (pathname.split('.').at(-1) ?? '');
  const file = pathname.startsWith('/photographs/')
    ? join(PACKAGE_ROOT, 'test', pathname)
    : join(folder, 'node_modules', pathname);
  const isFound = pathname === '/' || existsSync(file);
  response.writeHead(isFound ? 200 : 404, { 'content-type': TYPES[type] ?? 'application/octet-stream' });
  response.end(pathname === '/' ? PAGE : isFound ? readFileSync(file) : '');
}
