import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { photographFile } from '../test-support.fixture.js';
import { withoutTexts } from './png-texts.js';
import { pngChunk } from './variants.fixture.js';

const png = await sharp(photographFile('obama.jpg'))
  .resize(120)
  .withExif({ IFD0: { Artist: 'a' } })
  .png()
  .toBuffer();
/** The signature and IHDR. */
const HEADER_BYTES = 33;
const withChunks = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([png.subarray(0, HEADER_BYTES), ...chunks, png.subarray(HEADER_BYTES)]);

describe('withoutTexts', () => {
  const compressed = pngChunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(1_000_000, 65))]));
  const international = pngChunk('iTXt', Buffer.from('a\0\x01\0\0\0'));

  it('removes text chunks of every kind, and nothing else', () => {
    expect(
      Buffer.from(withoutTexts(withChunks(compressed, pngChunk('tEXt', Buffer.from('a\0b')), international))),
    ).toEqual(png);
    expect(Buffer.from(withoutTexts(Buffer.concat([png, compressed])))).toEqual(png);
  });

  it('returns a file without text unchanged', () => {
    expect(withoutTexts(png)).toBe(png);
  });

  it('leaves an invalid file to the decoder', () => {
    const cut = png.subarray(0, 1000);
    expect(withoutTexts(cut)).toBe(cut);
    const endless = Buffer.from(compressed);
    endless.writeUInt32BE(0xffffffff, 0);
    expect(Buffer.from(withoutTexts(withChunks(endless)))).toEqual(png.subarray(0, HEADER_BYTES));
  });
});
