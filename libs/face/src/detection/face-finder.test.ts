import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion } from '../geometry/box.js';
import { decodePhotograph } from '../image/decode.js';
import type { Photograph } from '../image/photograph.js';
import { detectFaces, largestBy, MAX_PIXELS, MODELS, photographFile, RUNTIME } from '../test-support.fixture.js';
import { DETECTOR_NAMES, type DetectorName } from './detectors.js';
import { FaceFinder, type FoundFace } from './face-finder.js';
import { FaceOrientation } from './face-orientation.js';
import { bySize, type FaceSelection } from './face-selection.js';
import { LoadedDetectors } from './load-detectors.js';
import { ONet } from './mtcnn/o-net.js';

const oNet = await ONet.load(MODELS.oNet, RUNTIME);
const detectors = await LoadedDetectors.load(DETECTOR_NAMES, MODELS.detectors, { runtime: RUNTIME, oNet });
const finder = new FaceFinder(detectors, new FaceOrientation(oNet));
const PORTRAITS = ['astronaut.png', 'biden.jpg', 'obama.jpg', 'obama2.jpg', 'obama3.jpg'];

const decode = (bytes: Uint8Array, detector: DetectorName): Promise<Photograph> =>
  decodePhotograph(bytes, detectors.get(detector).scale, MAX_PIXELS);

async function find(bytes: Uint8Array, detector: DetectorName): Promise<FoundFace | undefined> {
  return finder.find(await decode(bytes, detector), largestBy(detector));
}

const turnedBy = (name: string, degrees: number): Promise<Buffer> =>
  sharp(photographFile(name)).rotate(degrees, { background: '#808080' }).png().toBuffer();

const drawing = (side: number, shapes: string): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${shapes}</svg>`))
    .flatten({ background: 'white' })
    .png()
    .toBuffer();

describe.each(DETECTOR_NAMES)('with %s', (detector) => {
  const quarters = PORTRAITS.flatMap((name) => ([1, 2, 3] as const).map((turned) => ({ name, turned })));

  it.each(quarters)('finds the face in $name rotated by $turned quarter turns', async ({ name, turned: sent }) => {
    const upright = await find(photographFile(name), detector);
    const found = await find(await turnedBy(name, 90 * sent), detector);
    if (upright === undefined || found === undefined) throw new Error('expected a face');

    expect(upright.turned).toBe(0);
    expect((found.turned + sent) % 4).toBe(0);
    // The photograph is rotated back, so the face is where it was.
    expect(found.photograph).toMatchObject({ width: upright.photograph.width, height: upright.photograph.height });
    expect(intersectionOverUnion(found.face.box, upright.face.box)).toBeGreaterThan(0.9);
  });

  it.each(PORTRAITS)('treats a tilted head as upright: %s', async (name) => {
    for (const degrees of [-40, -20, 20, 40]) {
      expect(await find(await turnedBy(name, degrees), detector)).toMatchObject({ turned: 0 });
    }
  });

  it('ignores faces below the minimum confidence', async () => {
    const photograph = await decode(photographFile('obama.jpg'), detector);
    const confidence = (await finder.find(photograph, largestBy(detector)))?.face.confidence ?? 0;
    const atLeast = (minConfidence: number): Promise<FoundFace | undefined> =>
      finder.find(photograph, { ...largestBy(detector), minConfidence });

    expect((await atLeast(confidence))?.face.confidence).toBe(confidence);
    expect(await atLeast(1)).toBeUndefined();
  });
});

describe('a picture without a face', () => {
  const circle = (x: number, y: number, r: number, fill = 'black'): string =>
    `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
  const drawings: readonly [string, DetectorName, Promise<Buffer>][] = [
    [
      'a round face of circles',
      'blazeface',
      drawing(160, circle(80, 80, 60, '#e8b48c') + circle(58, 68, 9) + circle(102, 68, 9) + bar(55, 108, 50, 10)),
    ],
    [
      'a socket',
      'blazeface',
      drawing(160, bar(0, 0, 160, 160, '#ddd') + circle(80, 80, 55, '#bbb') + circle(60, 75, 8) + circle(100, 75, 8)),
    ],
    [
      'a button',
      'mtcnn',
      drawing(
        120,
        bar(0, 0, 120, 120, '#333') +
          circle(60, 60, 36, '#666') +
          '<path d="M46 46L74 74M74 46L46 74" stroke="#eee" stroke-width="8"/>',
      ),
    ],
  ];

  it.each(drawings)('gives none, though %s looks like one to %s', async (_, detector, bytes) => {
    const photograph = await decode(await bytes, detector);
    expect(await detectFaces(detectors.get(detector), photograph)).not.toEqual([]);
    expect(await finder.find(photograph, largestBy(detector))).toBeUndefined();
  });

  it.each(DETECTOR_NAMES)('gives none: a cat, with %s', async (detector) => {
    expect(await find(photographFile('cat.png'), detector)).toBeUndefined();
  });
});

describe('when a detector is unsure', () => {
  it('BlazeFace finds a face that fills the frame, which MTCNN misses', async () => {
    // Cropped tightly around the face.
    const close = await sharp(photographFile('obama.jpg'))
      .extract({ left: 392, top: 114, width: 199, height: 279 })
      .toBuffer();
    const photograph = await decode(close, 'mtcnn');
    const found = await finder.find(photograph, largestBy('mtcnn'));

    expect(await detectFaces(detectors.get('mtcnn'), photograph)).toEqual([]);
    expect(found?.face.foundBy).toMatch(/^blazeface/);
  });
});

describe('of several faces', () => {
  async function sideBySide(): Promise<Buffer> {
    const [left, right] = await Promise.all(
      [
        { name: 'biden.jpg', height: 1000 },
        { name: 'obama2.jpg', height: 800 },
      ].map(({ name, height }) => sharp(photographFile(name)).resize({ height }).toBuffer()),
    );
    return sharp({ create: { width: 1300, height: 1000, channels: 3, background: '#888' } })
      .composite([
        { input: left, left: 430, top: 0 },
        { input: right, left: 850, top: 0 },
      ])
      .png()
      .toBuffer();
  }

  it.each(DETECTOR_NAMES)(
    '%s rotates a photograph in which one of two rotated faces looks upright to O-net',
    async (detector) => {
      const portraits = await Promise.all(
        ['obama.jpg', 'biden.jpg'].map((name) => sharp(photographFile(name)).resize({ height: 600 }).toBuffer()),
      );
      const both = await sharp({ create: { width: 480 + 264, height: 600, channels: 3, background: '#888' } })
        .composite(portraits.map((input, i) => ({ input, left: i * 480, top: 0 })))
        .png()
        .toBuffer();
      for (const degrees of [90, 180, 270]) {
        const found = await find(await sharp(both).rotate(degrees).jpeg({ quality: 90 }).toBuffer(), detector);
        expect(found).toMatchObject({ turned: (360 - degrees) / 90, facesFound: 2 });
      }
    },
  );

  it.each(DETECTOR_NAMES)('%s selects the largest, the central one, or none, as requested', async (detector) => {
    const photograph = await decode(await sideBySide(), detector);
    const select = (selection: FaceSelection): Promise<FoundFace | undefined> =>
      finder.find(photograph, { ...largestBy(detector), selection });
    /** As a fraction of the photograph's width. */
    const centre = (found?: FoundFace): number =>
      found === undefined ? NaN : (found.face.box.x1 + found.face.box.x2) / 2 / found.photograph.width;

    expect(centre(await select('largest'))).toBeGreaterThan(0.7);
    expect(centre(await select('central'))).toBeLessThan(0.6);
    await expect(select('single')).rejects.toThrow(/MULTIPLE_FACES: shows 2 faces/);
  });
});

function bar(x: number, y: number, width: number, height: number, fill = 'black'): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
}

describe('all faces', () => {
  const crowd = (count: number, height: number): Promise<Buffer> => rowOf('obama2.jpg', count, height);

  it.each(DETECTOR_NAMES)('are found by %s, the largest first, up to the number requested', async (detector) => {
    const photograph = await decode(await crowd(6, 300), detector);
    const query = { detector, minConfidence: 0 };
    const { faces, facesFound, turned } = await finder.findAll(photograph, { ...query, maxFaces: 20 });
    expect(faces).toHaveLength(6);
    expect(facesFound).toBe(6);
    expect(turned).toBe(0);
    expect(faces).toEqual(bySize(faces));
    expect((await finder.findAll(photograph, { ...query, maxFaces: 2 })).faces).toEqual(faces.slice(0, 2));
  });

  it('include small ones next to a large one, which a search for the largest skips', async () => {
    const large = await sharp(photographFile('obama.jpg')).resize({ height: 1000 }).png().toBuffer();
    const small = await sharp(photographFile('biden.jpg'))
      .extract({ left: 250, top: 150, width: 500, height: 650 })
      .resize({ height: 90 })
      .png()
      .toBuffer();
    const both = await sharp({ create: { width: 1020, height: 1020, channels: 3, background: '#777' } })
      .composite([
        { input: large, left: 0, top: 0 },
        { input: small, left: 880, top: 900 },
      ])
      .png()
      .toBuffer();
    const photograph = await decode(both, 'mtcnn');
    const { faces } = await finder.findAll(photograph, { detector: 'mtcnn', minConfidence: 0, maxFaces: 20 });
    expect(faces).toHaveLength(2);
    expect(faces[1].box.x1).toBeGreaterThan(850);
  });

  it('are none if there is none', async () => {
    const photograph = await decode(photographFile('cat.png'), 'mtcnn');
    const { faces } = await finder.findAll(photograph, { detector: 'mtcnn', minConfidence: 0, maxFaces: 20 });
    expect(faces).toEqual([]);
  });
});

/** Copies of one photograph in a row. */
async function rowOf(name: string, count: number, height: number): Promise<Buffer> {
  const { data, info } = await sharp(photographFile(name))
    .resize({ height })
    .png()
    .toBuffer({ resolveWithObject: true });
  return sharp({ create: { width: count * info.width, height, channels: 3, background: '#777' } })
    .composite(Array.from({ length: count }, (_, i) => ({ input: data, left: i * info.width, top: 0 })))
    .png()
    .toBuffer();
}
