import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { PACKAGE_ROOT } from '../package-root.js';
import { PAGE_ASSETS } from '../security/api-keys.js';

const HTML = join(PACKAGE_ROOT, 'apps/page/index.html');

/** The folders of the page's assets: those written by hand, and the compiled scripts. */
const FOLDERS = ['apps/page/assets', 'dist/apps/page/src'].map((folder) => join(PACKAGE_ROOT, folder));

/** Stands in the page for the folder of this version's assets. */
const VERSION_MARK = /\{version\}/g;

/** How the `Accept` begins that Java's HttpURLConnection sends where a program sets none. It names HTML, but no browser is behind it. */
const JAVA = 'text/html, image/gif, image/jpeg, *';

/** Only the service's own scripts, styles and endpoints; pictures also from the browser's memory. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join(';');

/**
 * Serves the page: at / to clients that prefer HTML to JSON, and its assets in a folder named after their content, which
 * browsers may keep for ever. Every other request for / goes on to its controller.
 *
 * @throws Error if the page has not been built
 */
export function servePage(app: NestExpressApplication): void {
  const version = versionOfAssets();
  const html = readFileSync(HTML, 'utf8').replace(VERSION_MARK, version);
  const headers = {
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Frame-Options': 'DENY',
    'Permissions-Policy': 'camera=(self)',
    'Cache-Control': 'no-cache',
    ETag: `"${digest(html)}"`,
  };
  app
    .getHttpAdapter()
    .getInstance()
    .get('/', (request, response, next) => {
      response.vary('Accept');
      const isJava = request.get('Accept')?.startsWith(JAVA) === true;
      if (isJava || request.accepts(['json', 'html']) !== 'html') {
        next();
        return;
      }
      response.set(headers).type('html').send(html);
    });
  for (const folder of FOLDERS) {
    app.useStaticAssets(folder, {
      prefix: `${PAGE_ASSETS}${version}/`,
      index: false,
      redirect: false,
      immutable: true,
      maxAge: '1y',
    });
  }
}

/** Changes with every byte of every asset. */
function versionOfAssets(): string {
  const files = FOLDERS.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  return digest(
    files
      .sort()
      .map((file) => digest(readFileSync(file)))
      .join(),
  );
}

const digest = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 16);
