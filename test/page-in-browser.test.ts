import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Route } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OnnxEmbedder } from '../libs/face/src/embedding/onnx-embedder.js';
import { withOrientation } from '../libs/face/src/image/variants.fixture.js';
import { MODELS, RUNTIME } from '../libs/face/src/test-support.fixture.js';
import { CHROMIUM, openBrowser } from './support/browser.js';
import { bundled, jpeg, OpenPage, type PageFile } from './support/page.js';
import { photograph, Service } from './support/service.js';

if (CHROMIUM === undefined)
  console.warn('The page is not tested in a browser: there is no Chromium (see CONTRIBUTING.md).');

const obama = bundled('obama.jpg');
const obama2 = bundled('obama2.jpg');
const biden = bundled('biden.jpg');
const cat: PageFile = { name: 'cat.png', mimeType: 'image/png', buffer: photograph('cat.png') };

describe.skipIf(CHROMIUM === undefined)('the page in a browser', () => {
  let browser: Browser;
  let service: Service;
  let open: OpenPage;
  beforeAll(async () => {
    // The most exact weights, as the crops are embedded again here.
    service = await Service.start({ WORKERS: '1', EMBEDDER_PRECISION: 'fp32', REVIEW_BAND: '0.5..0.9' });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  async function openPage(options: BrowserContextOptions = {}, url = service.url): Promise<OpenPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    open = await OpenPage.at(`${url}/`, context);
    return open;
  }

  // Whatever a test does, the page asks only the service, and breaks none of its own rules.
  afterEach(async () => {
    const origins = new Set(open.requested.map((url) => new URL(url).origin));
    const { complaints } = open;
    await open.close();

    expect(complaints).toEqual([]);
    expect(origins.size).toBe(1);
  });

  const text = (selector: string): Promise<string | null> => open.page.locator(selector).textContent();
  const announced = (): Promise<string | null> => text('#announcement');

  it('compares two photographs as soon as both are there, and shows what the service answers', async () => {
    const { page } = await openPage();
    await open.choose(1, obama);
    expect(open.requested.filter((url) => url.endsWith('/compare'))).toEqual([]);
    const answering = page.waitForResponse(`${service.url}/compare`);
    await open.choose(2, biden);
    const answer = (await (await answering).json()) as { similarity: number; image1_metrics: Record<string, unknown> };
    await open.verdict().waitFor();

    expect(await open.verdict().textContent()).toBe('No match');
    const similarity = answer.similarity.toFixed(3);
    expect(await text('.score')).toBe(similarity.replace('-', '−'));
    expect(await text('.sentence')).toContain('stays below the threshold of 0.6');
    expect(await announced()).toMatch(/^No match\. The similarity of /);
    const { face_coordinates: box, landmarks, image_size: size } = answer.image1_metrics as Record<string, number[]>;
    const marks = open.place(1).locator('.marks');
    expect(await marks.getAttribute('viewBox')).toBe(`0 0 ${Object.values(size).join(' ')}`);
    const rect = marks.locator('rect').last();
    expect(
      await Promise.all(['x', 'y', 'width', 'height'].map(async (name) => Number(await rect.getAttribute(name)))),
    ).toEqual([box[0], box[1], box[2] - box[0], box[3] - box[1]]);
    expect((await marks.locator('path').last().getAttribute('d'))?.match(/M/g)).toHaveLength(landmarks.length);
    expect(await page.locator('#times tbody tr').count()).toBe(5);
    expect(await page.locator('#times .time-bar').count()).toBe(10);
    expect(await text('#times tbody')).not.toContain('NaN');
  });

  it('draws box and landmarks where the face is on the screen', async () => {
    await openPage();
    await open.compare(obama, obama2);
    const [picture, marks] = await Promise.all(
      ['img', '.marks'].map((part) => open.place(1).locator(part).boundingBox()),
    );
    expect(marks).toEqual(picture);
    // The photograph is higher than its frame: its scale is that of its height.
    const scale = (picture?.height ?? 0) / 1137;
    const box = await open.place(1).locator('.marks rect').last().boundingBox();
    const left = (picture?.x ?? 0) + ((picture?.width ?? 0) - 910 * scale) / 2;
    expect(Math.abs((box?.x ?? 0) - (left + 375 * scale))).toBeLessThan(4);
    expect(Math.abs((box?.y ?? 0) - ((picture?.y ?? 0) + 83 * scale))).toBeLessThan(4);
  });

  it('says where a person should look, and shows threshold and band on the scale', async () => {
    await openPage();
    await open.compare(obama, obama2);

    expect(await open.verdict().textContent()).toBe('Too close to call');
    expect(await text('.sentence')).toContain('It lies between 0.5 and 0.9, where a person should look.');
    const [bar, fill, band, threshold] = await Promise.all(
      ['.bar', '.fill', '.band', '.threshold'].map((part) =>
        open.page.locator(`.bar${part === '.bar' ? '' : ` ${part}`}`).boundingBox(),
      ),
    );
    const share = (x = 0): number => (x - (bar?.x ?? 0)) / (bar?.width ?? 1);
    expect(share((fill?.x ?? 0) + (fill?.width ?? 0))).toBeCloseTo(Number(await text('.score')), 2);
    expect(share(band?.x)).toBeCloseTo(0.5, 2);
    expect(share((band?.x ?? 0) + (band?.width ?? 0))).toBeCloseTo(0.9, 2);
    expect(share((threshold?.x ?? 0) + (threshold?.width ?? 0) / 2)).toBeCloseTo(0.6, 2);
  });

  describe('the crop', () => {
    let embedder: OnnxEmbedder;
    beforeAll(async () => {
      embedder = await OnnxEmbedder.load(MODELS.embedder, RUNTIME);
    });

    /** The embedding of what a canvas shows. */
    async function embed(png: Buffer): Promise<Float32Array> {
      const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const { mean, divisor } = embedder.input.normalisation;
      const pixels = info.width * info.height;
      const tensor = Float32Array.from({ length: 3 * pixels }, (_, i) => {
        const [channel, pixel] = [Math.floor(i / pixels), i % pixels];
        return (data[3 * pixel + channel] - mean) / divisor;
      });
      return embedder.embed(tensor);
    }

    /** The similarity of a photograph's crop, embedded again, with what the service's own embedder made of the photograph. */
    async function similarity({ buffer }: PageFile, which: 1 | 2): Promise<number> {
      const own = await embed(await open.crop(which));
      const { body } = await service.post('/embed', JSON.stringify({ image_base64: buffer.toString('base64') }));
      const [{ embedding }] = body['faces'] as [{ embedding: number[] }];
      return embedding.reduce((sum, value, i) => sum + value * own[i], 0);
    }

    type Make = () => Promise<Uint8Array> | Uint8Array;
    it.each<[string, Make, string, Make]>([
      [
        'a face at the edge, which is repeated',
        () => photograph('obama_partial_face.jpg'),
        'a small face that leans',
        () => sharp(obama2.buffer).resize(200).png().toBuffer(),
      ],
      [
        'an EXIF orientation',
        () => withOrientation(obama.buffer, 6),
        'a mirrored EXIF orientation',
        () => withOrientation(obama2.buffer, 5),
      ],
      [
        'a photograph on its side',
        () => sharp(obama2.buffer).rotate(90).jpeg({ quality: 95 }).toBuffer(),
        'a large photograph',
        () => sharp(obama.buffer).resize(3600).jpeg({ quality: 95 }).toBuffer(),
      ],
    ])('is what the embedder saw: $0; $2', async (_, first, __, second) => {
      const [one, other] = await Promise.all(
        [first, second].map(async (make) => jpeg('face.jpg', Buffer.from(await make()))),
      );
      await openPage();
      await open.compare(one, other);

      expect(await similarity(one, 1)).toBeGreaterThan(0.995);
      expect(await similarity(other, 2)).toBeGreaterThan(0.995);
    });
  });

  it('shows the error of each photograph at its place, and an answer once it is replaced', async () => {
    await openPage();
    await open.choose(1, obama);
    await open.choose(2, cat);
    const problem = open.place(2).locator('.problem');
    await problem.filter({ hasText: 'No face detected in image 2.' }).waitFor();
    expect(await open.place(1).locator('.problem').textContent()).toBe('');
    expect(await open.page.locator('#results').isHidden()).toBe(true);

    await open.choose(1, jpeg('notes.txt', Buffer.from('not a photograph')));
    await open.place(1).locator('.problem').filter({ hasText: 'image 1' }).waitFor();
    await open.choose(1, obama);
    await open.choose(2, obama2);
    await open.verdict().waitFor();
    expect(await problem.textContent()).toBe('');
  });

  it('works behind a proxy that serves it under a path', async () => {
    const proxy = createServer((incoming, outgoing) => {
      const { method, headers, url = '' } = incoming;
      // What is asked for outside of the path is not the service's.
      if (!url.startsWith('/faces/')) {
        outgoing.writeHead(404).end();
        return;
      }
      const passed = request(service.url + url.slice('/faces'.length), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(passed);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    await openPage({}, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/faces`);
    await open.compare(obama, biden);
    expect(await open.verdict().textContent()).toBe('No match');
    expect(await text('#request code')).toContain('/faces/compare');
    proxy.close();
  });

  it('says of a file that is too large how large it may be, and does not send it', async () => {
    await openPage();
    await open.choose(1, jpeg('large.jpg', Buffer.concat([obama.buffer, Buffer.alloc(11_000_000)])));
    await open.choose(2, obama2);

    expect(await open.place(1).locator('.problem').textContent()).toBe(
      'This file has 11.3 MB. The service takes up to 10.5 MB.',
    );
    expect(open.requested.filter((url) => url.endsWith('/compare'))).toEqual([]);
  });

  it('puts warnings into words', async () => {
    await openPage();
    await open.compare(obama, bundled('obama_partial_face.jpg'));

    expect(await open.place(2).locator('.warnings').textContent()).toBe('Part of the face is outside the photograph.');
    expect(await open.place(1).locator('.warnings').isHidden()).toBe(true);
    expect(await announced()).toContain('1 warning.');
  });

  it('compares what the browser cannot show, and says so', async () => {
    await openPage();
    await open.compare({ name: 'a.heic', mimeType: 'image/heic', buffer: photograph('head.heic') }, obama);

    expect(await open.place(1).locator('.no-preview').textContent()).toContain('This browser cannot show this file.');
    expect(await open.page.locator('.no-crop').textContent()).toContain('This browser cannot show this file.');
    expect(await open.page.locator('canvas').count()).toBe(1);
    expect(await open.place(1).locator('.marks rect').count()).toBe(2);
  });

  it.each([
    [6, 270],
    [3, 180],
  ])('shows no WebP that only the service turns: orientation %d', async (orientation, angle) => {
    // Chromium ignores the EXIF orientation of a WebP.
    const turned = await sharp(obama2.buffer).rotate(angle).withMetadata({ orientation }).webp().toBuffer();
    await openPage();
    await open.compare({ name: 'a.webp', mimeType: 'image/webp', buffer: turned }, obama);

    expect(await open.place(1).locator('img').isHidden()).toBe(true);
    expect(await open.place(1).locator('.no-preview').isVisible()).toBe(true);
    expect(await open.page.locator('canvas').count()).toBe(1);
    await open.choose(1, obama2);
    await open.verdict().waitFor();
    expect(await open.place(1).locator('img').isVisible()).toBe(true);
  });

  it('says at its place that a file cannot be read any more', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'page-'));
    const file = join(folder, 'obama.jpg');
    await writeFile(file, obama.buffer);
    const { page } = await openPage();
    const devTools = await page.context().newCDPSession(page);
    const { root } = await devTools.send('DOM.getDocument');
    const { nodeId } = await devTools.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'input[type=file]' });
    await devTools.send('DOM.setFileInputFiles', { nodeId, files: [file] });
    await open.place(1).locator('.file-name').filter({ hasText: 'obama.jpg' }).waitFor();
    await rm(folder, { recursive: true });
    await open.choose(2, biden);

    await open.place(1).locator('.problem').filter({ hasText: 'cannot be read' }).waitFor();
    expect(await open.page.locator('#failure').isHidden()).toBe(true);
    expect(await open.place(2).locator('.problem').textContent()).toBe('');
  });

  it('says that another than the service has answered, and tries again', async () => {
    const { page } = await openPage();
    const signIn = (route: Route): Promise<void> => route.fulfill({ contentType: 'text/html', body: '<p>Sign in' });
    const failure = page.locator('#failure-text').filter({ hasText: 'Something else than the service has answered.' });
    await page.route('**/compare', signIn);
    await open.choose(1, obama);
    await open.choose(2, biden);
    await failure.waitFor();
    await page.unroute('**/compare');
    await page.locator('#again').click();
    await open.verdict().waitFor();

    const isStatus = (url: URL): boolean => url.pathname === '/';
    const withoutStatus = (route: Route): Promise<void> =>
      route.request().isNavigationRequest() ? route.continue() : signIn(route);
    await page.route(isStatus, withoutStatus);
    await page.reload();
    await failure.waitFor();
    await open.choose(1, obama);
    await open.choose(2, biden);
    await page.unroute(isStatus);
    await page.locator('#again').click();
    await open.verdict().waitFor();
    expect(await page.locator('#detectors input').count()).toBe(2);
  });

  it('takes photographs that are dropped: two at once, or one where it is dropped', async () => {
    await openPage();
    await open.bring('drop', 'h1', [obama, biden]);
    await open.verdict().waitFor();
    expect(await open.verdict().textContent()).toBe('No match');

    await open.bring('drop', '.place:nth-of-type(2) .frame', [obama2]);
    await open.verdict().filter({ hasText: 'Too close' }).waitFor();
    expect(await open.place(1).locator('.file-name').textContent()).toContain('obama.jpg');
    await open.bring('drop', 'h1', [obama2]);
    expect(await text('#failure-text')).toContain('Both places are taken');
  });

  it('takes pasted photographs: where the focus is, else where there is room', async () => {
    await openPage();
    await open.place(2).locator('.choose').focus();
    await open.bring('paste', 'body', [biden]);
    expect(await open.place(2).locator('.file-name').textContent()).toContain('biden.jpg');
    // Choosing a file leaves the focus at its place.
    await open.choose(2, biden);
    await open.bring('paste', 'body', [obama2]);
    expect(await open.place(1).locator('.file-name').textContent()).toContain('obama2.jpg');
    await open.place(1).locator('.remove').click();
    await open.page.locator('#threshold').focus();
    await open.bring('paste', 'body', [obama]);
    await open.verdict().waitFor();
    expect(await open.place(1).locator('.file-name').textContent()).toContain('obama.jpg');
  });

  it('takes a photograph with the camera, which is off before and after', async () => {
    const { page } = await openPage({ permissions: ['camera'] });
    const tracks = (): Promise<string> =>
      page.evaluate(
        `(document.querySelector('video').srcObject?.getTracks() ?? []).map((track) => track.readyState).join()`,
      );
    expect(await tracks()).toBe('');
    await open.place(1).locator('.use-camera').click();
    await open.place(1).locator('.take').waitFor();
    expect(await tracks()).toBe('live');
    await page.evaluate(`globalThis.stream = document.querySelector('video').srcObject; undefined`);
    await open.place(1).locator('.take').click();
    await open.place(1).locator('.file-name').filter({ hasText: 'camera.jpg' }).waitFor();

    expect(await page.evaluate('stream.getTracks().map((track) => track.readyState).join()')).toBe('ended');
    expect(await open.place(1).locator('img').getAttribute('alt')).toBe('Photograph 1: camera.jpg');
    await open.place(1).locator('.remove').click();
    await open.place(1).locator('.use-camera').click();
    await open.place(1).locator('.stop-camera').click();
    expect(await tracks()).toBe('');
    expect(await open.place(1).locator('.choose').isVisible()).toBe(true);
  });

  it('starts the camera once, and not where there is a photograph meanwhile', async () => {
    const { page } = await openPage({ permissions: ['camera'] });
    await page.evaluate(`{
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      globalThis.streams = [];
      globalThis.allowed = new Promise((resolve) => (globalThis.allow = resolve));
      mediaDevices.getUserMedia = async (what) => {
        await allowed;
        streams.push(await ask(what));
        return streams.at(-1);
      };
    }`);
    await page.evaluate(`{
      const [one, other] = document.querySelectorAll('.use-camera');
      one.click();
      one.click();
      other.click();
    }`);
    await open.choose(2, obama);
    await page.evaluate('allow()');
    await open.place(1).locator('.take').waitFor();
    await page.waitForFunction('streams.length === 2 && streams.some(({ active }) => !active)');

    expect(await page.evaluate('streams.filter(({ active }) => active).length')).toBe(1);
    expect(await open.place(2).locator('.camera').isHidden()).toBe(true);
    expect(await open.place(2).locator('.problem').textContent()).toBe('');
    await open.place(1).locator('.take').click();
    await open.place(1).locator('.file-name').filter({ hasText: 'camera.jpg' }).waitFor();
  });

  it('says why there is no camera', async () => {
    await openPage();
    await open.place(1).locator('.use-camera').click();
    await open.place(1).locator('.problem').filter({ hasText: 'The camera is not allowed on this page.' }).waitFor();
    // Browsers tell pages without https:// nothing of cameras.
    await open.page.evaluate('Object.defineProperty(window, "isSecureContext", { value: false })');
    await open.place(2).locator('.use-camera').click();
    await open.place(2).locator('.problem').filter({ hasText: 'only on https:// pages and on localhost' }).waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await openPage();
    await open.compare(obama, obama2);
    await page.locator('a').focus();
    const passed: string[] = [];
    for (let i = 0; i < 9; i++) {
      await page.keyboard.press('Tab');
      passed.push(
        await page.evaluate(
          `document.activeElement.id || document.activeElement.className || document.activeElement.value || document.activeElement.tagName`,
        ),
      );
    }
    expect(passed.join()).toBe('replace plain,remove plain,replace plain,remove plain,mtcnn,threshold,copy,PRE,BODY');
    await page.locator('[value=mtcnn]').focus();
    const answering = page.waitForResponse(`${service.url}/mediapipe`);
    await page.keyboard.press('ArrowRight');
    expect((await answering).status()).toBe(200);
    await page.locator('#threshold').focus();
    const again = page.waitForResponse(`${service.url}/mediapipe`);
    await page.keyboard.type('0.9');
    await page.keyboard.press('Enter');
    expect(await (await again).json()).toMatchObject({ comparison_metrics: { threshold_used: 0.9 } });
    await open.verdict().waitFor();
    expect(await text('.sentence')).toContain('stays below the threshold of 0.9');
    await open.place(1).locator('.remove').press('Enter');
    expect(await page.evaluate('document.activeElement.className')).toContain('choose');
    expect(await page.locator('#results').isHidden()).toBe(true);
  });

  it('copies a curl command that gets the same answer, whatever the files are called', async () => {
    const names = [`it's "one", $HOME;type=x\\.jpg`, ' obama 2.jpg '] as const;
    const { page } = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    await open.compare({ ...obama, name: names[0] }, { ...obama2, name: names[1] });
    await page.locator('#copy').click();
    await page.locator('#copy').filter({ hasText: 'Copied' }).waitFor();
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    const folder = await mkdtemp(join(tmpdir(), 'page-'));
    await Promise.all([obama, obama2].map(({ buffer }, i) => writeFile(join(folder, names[i]), buffer)));
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: folder });
    await rm(folder, { recursive: true });

    expect(command).toBe(await text('#request code'));
    expect((JSON.parse(stdout) as { similarity: number }).similarity.toFixed(3)).toBe(await text('.score'));
  });

  it.each([
    ['light', 1280],
    ['dark', 320],
  ] as const)('axe finds nothing, and nothing is cut off: %s, %d px', async (colorScheme, width) => {
    const { page } = await openPage({ colorScheme, viewport: { width, height: 800 } });
    const overflow = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(await open.axe()).toEqual([]);
    await open.compare(obama, bundled('obama_partial_face.jpg'));
    expect(await open.axe()).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await open.choose(2, cat);
    await open.place(2).locator('.problem').filter({ hasText: 'No face' }).waitFor();
    expect(await open.axe()).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
  });

  describe('of a service with keys, a rate limit and one detector', () => {
    let withKeys: Service;
    beforeAll(async () => {
      withKeys = await Service.start({
        WORKERS: '1',
        API_KEYS: 'a-key',
        RATE_LIMIT_PER_MINUTE: '2',
        DETECTORS: 'blazeface',
        CORS_ORIGINS: 'https://app.example',
      });
    });
    afterAll(() => withKeys.stop());

    it('asks for a key, keeps it in memory only, and says when it has to wait', async () => {
      const { page } = await openPage({}, withKeys.url);
      const dialog = page.locator('#key-dialog');
      await open.choose(1, obama);
      await open.choose(2, obama2);
      await dialog.waitFor();
      expect(await open.axe()).toEqual([]);
      await page.keyboard.type('a-wrong-key');
      await page.keyboard.press('Enter');
      await page.locator('#key-problem').filter({ hasText: 'did not accept' }).waitFor();
      await page.keyboard.type('a-key');
      await page.keyboard.press('Enter');
      await open.verdict().waitFor();
      expect(await text('.score')).toMatch(/^0\.\d{3}$/);
      expect(await text('#request code')).toContain('-H "X-API-Key: $API_KEY"');
      expect(await page.content()).not.toContain('a-key');
      expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie].join()')).toBe('0,0,');

      await open.choose(2, biden);
      await open.verdict().filter({ hasText: 'No match' }).waitFor();
      await open.choose(2, obama2);
      await page
        .locator('#failure-text')
        .filter({ hasText: /Try again in \d+ seconds?\./ })
        .waitFor();
      expect(await page.locator('#again').isVisible()).toBe(true);
      await page.locator('#forget-key').click();
      await page.locator('#again').click();
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await page.locator('#failure-text').filter({ hasText: 'only for callers with a key' }).waitFor();
    });

    it('says that the service cannot be reached', async () => {
      const { page } = await openPage({}, withKeys.url);
      await open.choose(1, obama);
      await page.route('**/mediapipe', (route) => route.abort());
      await open.choose(2, obama2);
      await page.locator('#failure-text').filter({ hasText: 'The service cannot be reached.' }).waitFor();
    });
  });
});
