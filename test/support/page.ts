import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { PACKAGE_ROOT } from '../../apps/api/src/package-root.js';
import { photograph } from './service.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where the coverage of services is recorded, and that of the page in the same form; undefined if it is not. */
const COVERAGE = process.env['NODE_V8_COVERAGE'];

/** The folder of the page's compiled scripts. */
const BUILT = pathToFileURL(join(PACKAGE_ROOT, 'dist/apps/page/src/')).href;

/** A file as the page receives it. */
export interface PageFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A file that says it is a JPEG. */
export const jpeg = (name: string, buffer: Buffer): PageFile => ({ name, mimeType: 'image/jpeg', buffer });

/** One of the test photographs, a JPEG. */
export const bundled = (name: string): PageFile => jpeg(name, photograph(name));

/** The service's page in a browser. Everything that it asks for and complains about is written down. */
export class OpenPage {
  /** Addresses that it requested, apart from those in its own memory. */
  readonly requested: string[] = [];
  /** What the browser's console has: errors, and violations of the content security policy. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('request', (request) => {
      if (/^(?:http|ws)/.test(request.url())) this.requested.push(request.url());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // An answer of 4xx is no mistake of the page.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
  }

  static async at(url: string, context: BrowserContext): Promise<OpenPage> {
    const open = new OpenPage(await context.newPage());
    if (COVERAGE !== undefined) await open.page.coverage.startJSCoverage();
    await open.page.goto(url);
    await open.page.locator('#detectors input').first().waitFor({ state: 'attached' });
    return open;
  }

  /** Closes the page, and its cookies with it. */
  async close(): Promise<void> {
    if (COVERAGE !== undefined) {
      const scripts = await this.page.coverage.stopJSCoverage();
      const result = scripts.map((script) => ({ ...script, url: script.url.replace(/.*\/page\/\w+\//, BUILT) }));
      await mkdir(COVERAGE, { recursive: true });
      await writeFile(join(COVERAGE, `page-${randomUUID()}.json`), JSON.stringify({ result }));
    }
    await this.page.context().close();
  }

  /** The place of photograph 1 or 2. */
  place(which: 1 | 2): Locator {
    return this.page.locator('.place').nth(which - 1);
  }

  /** Chooses a file, as if by the place's button. */
  async choose(which: 1 | 2, file: PageFile): Promise<void> {
    await this.place(which).locator('input[type=file]').setInputFiles(file);
  }

  /** Chooses both photographs and waits for the verdict. */
  async compare(one: PageFile, other: PageFile): Promise<void> {
    await this.choose(1, one);
    await this.choose(2, other);
    await this.verdict().waitFor();
  }

  verdict(): Locator {
    return this.page.locator('#results:not([hidden]) #verdict-name');
  }

  /** Drops files on the element that a selector finds, or pastes them there. */
  async bring(how: 'drop' | 'paste', onto: string, files: readonly PageFile[]): Promise<void> {
    const sent = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
    // Scripts of a page cannot make a drop or a paste that is trusted, but their events are the same.
    await this.page.evaluate(`{
      const transfer = new DataTransfer();
      for (const { name, mimeType, base64 } of ${JSON.stringify(sent)}) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: mimeType }));
      }
      const options = { dataTransfer: transfer, clipboardData: transfer, bubbles: true, cancelable: true };
      const events = '${how}' === 'paste' ? [new ClipboardEvent('paste', options)]
        : ['dragover', 'drop'].map((type) => new DragEvent(type, options));
      for (const event of events) document.querySelector(${JSON.stringify(onto)}).dispatchEvent(event);
    }`);
  }

  /** What axe finds, as `rule: elements`. */
  async axe(): Promise<string[]> {
    await this.page.evaluate(`${AXE}; undefined`);
    return this.page.evaluate(
      `axe.run().then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + failureSummary).join()))`,
    );
  }

  /** The crop of photograph 1 or 2, as a PNG. */
  async crop(which: 1 | 2): Promise<Buffer> {
    const url = await this.page.evaluate<string>(`document.querySelectorAll('canvas')[${which - 1}].toDataURL()`);
    return Buffer.from(url.split(',')[1], 'base64');
  }
}
