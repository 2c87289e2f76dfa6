import sharp from 'sharp';
import { withEmptyScans } from '../libs/face/src/image/variants.fixture.js';
import { gifOfSize } from '../test/support/bad-photographs.js';
import { photograph } from '../test/support/service.js';

/** A file or body that would cost far more than its size suggests, if it were not rejected. */
export interface Bomb {
  readonly name: string;
  readonly bytes: Buffer;
}

const MEGAPIXELS_50 = { width: 7070, height: 7070 };

/** Photographs rejected as 413 TOO_MANY_PIXELS, whatever they decompress to. */
export async function photographBombs(): Promise<Bomb[]> {
  const grey = sharp({ create: { ...MEGAPIXELS_50, channels: 3, background: 'grey' } });
  const scans = await sharp(photograph('obama.jpg'))
    .resize(4000, 5000, { fit: 'fill' })
    .jpeg({ progressive: true })
    .toBuffer();
  return [
    { name: 'a JPEG of 1,000 empty scans', bytes: Buffer.from(withEmptyScans(scans, 1000)) },
    { name: 'an AVIF of 50 megapixels', bytes: await grey.avif({ effort: 0, quality: 20 }).toBuffer() },
    { name: 'a GIF of 65,535 × 65,535', bytes: gifOfSize(65_535, 65_535) },
  ];
}

const BODY_BYTES = 20e6;

const filled = (piece: string): string => piece.repeat(BODY_BYTES / piece.length);

/** Megabytes of JSON that is not photographs: 400 INVALID_REQUEST. */
export const jsonBombs = (): Bomb[] =>
  [
    ['millions of members', `{${filled('"a":1,')}"b":1}`],
    ['millions of objects', `{"a":[${filled('{},')}{}]}`],
    ['millions of levels', filled('[')],
    ['millions of escapes', `{"a":"${filled('\\"')}"}`],
  ].map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
