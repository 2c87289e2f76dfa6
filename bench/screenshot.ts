import { join } from 'node:path';
import sharp from 'sharp';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { openBrowser } from '../test/support/browser.js';
import { bundled, OpenPage } from '../test/support/page.js';
import { Service } from '../test/support/service.js';

/*
 * `npm run docs:screenshot`: the page with two of the test photographs, for the README. Needs Chromium
 * (CONTRIBUTING.md).
 */

const PATH = 'docs/images/page.webp';

/** In pixels of CSS. */
const VIEWPORT = { width: 1000, height: 900 };

const service = await Service.start();
const browser = await openBrowser();
try {
  const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 2 });
  const open = await OpenPage.at(`${service.url}/`, context);
  await open.compare(bundled('obama.jpg'), bundled('obama2.jpg'));
  // Without the outline of what was used last.
  await open.page.evaluate('document.activeElement.blur()');
  const verdict = await open.page.locator('#verdict').boundingBox();
  if (verdict === null) throw new Error('there is no verdict');
  const clip = { x: 0, y: 0, width: VIEWPORT.width, height: verdict.y + verdict.height + 14 };
  const { size } = await sharp(await open.page.screenshot({ clip }))
    .resize({ width: 1.5 * VIEWPORT.width })
    .webp({ quality: 82 })
    .toFile(join(PACKAGE_ROOT, PATH));
  console.log(`${PATH}: ${Math.round(size / 1000)} kB`);
} finally {
  await browser.close();
  await service.stop();
}
