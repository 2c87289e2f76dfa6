import { describe, expect, it } from 'vitest';
import { detectImageFormat } from './image-format.js';

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A BMP file header, followed by an info header of the given length. */
function bitmapStart(headerLength: number): Uint8Array {
  const bytes = Buffer.alloc(26);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(headerLength, 14);
  return bytes;
}

describe('detectImageFormat', () => {
  it.each([
    ['jpeg', 'a JFIF JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['jpeg', 'an EXIF JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe1)],
    ['jpeg', 'a JPEG without either', Uint8Array.of(0xff, 0xd8, 0xff, 0xdb)],
    ['png', 'a PNG', ascii('\x89PNG\r\n\x1a\n')],
    ['webp', 'a WebP', ascii('RIFF\x10\x00\x00\x00WEBPVP8 ')],
    ['gif', 'a GIF 87a', ascii('GIF87a')],
    ['gif', 'a GIF 89a', ascii('GIF89a')],
    ['bmp', 'a BMP with a core header', bitmapStart(12)],
    ['bmp', 'a BMP with an info header', bitmapStart(40)],
    ['bmp', 'a BMP with the short header of OS/2 2.x', bitmapStart(16)],
    ['bmp', 'a BMP with the whole header of OS/2 2.x', bitmapStart(64)],
    ['bmp', 'a BMP with a V4 header', bitmapStart(108)],
    ['bmp', 'a BMP with a V5 header', bitmapStart(124)],
    ['tiff', 'a little-endian TIFF', ascii('II*\x00\x08\x00\x00\x00')],
    ['tiff', 'a big-endian TIFF', ascii('MM\x00*\x00\x00\x00\x08')],
    ['tiff', 'a BigTIFF', ascii('II+\x00\x08\x00\x00\x00')],
    ['avif', 'an AVIF', ascii('\x00\x00\x00\x20ftypavif')],
    ['heic', 'a HEIC', ascii('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic')],
    ['heic', 'a HEIC branded mif1', ascii('\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic')],
    ['heic', 'a HEIC of more than 8 bits', ascii('\x00\x00\x00\x14ftypheix\x00\x00\x00\x00heix')],
    ['heic', 'a sequence', ascii('\x00\x00\x00\x18ftypmsf1\x00\x00\x00\x00msf1hevc')],
    ['jp2', 'a JP2', ascii('\x00\x00\x00\x0cjP  \r\n\x87\n')],
    ['jp2', 'a JPEG 2000 codestream', Uint8Array.of(0xff, 0x4f, 0xff, 0x51, 0, 47)],
    ['avif', 'an AVIF branded mif1', ascii('\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif')],
  ])('recognises as %s: %s', (format, _, bytes) => {
    expect(detectImageFormat(bytes)).toBe(format);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['one byte', Uint8Array.of(0xff)],
    ['the first two bytes of a JPEG', Uint8Array.of(0xff, 0xd8)],
    ['the first seven bytes of a PNG', ascii('\x89PNG\r\n\x1a')],
    ['a PNG damaged by text mode', ascii('\x89PNG\n\x1a\n\x00')],
    ['an SVG', ascii('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['an SVG with an XML declaration', ascii('<?xml version="1.0"?><svg/>')],
    ['a PDF', ascii('%PDF-1.7\n')],
    ['an Olympus raw file', ascii('IIRO\x08\x00\x00\x00')],
    ['a zip', ascii('PK\x03\x04')],
    ['a WAV, which is a RIFF too', ascii('RIFF\x10\x00\x00\x00WAVEfmt ')],
    ['an MP4, which has ftyp too', ascii('\x00\x00\x00\x20ftypisom')],
    ['a QuickTime movie', ascii('\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ')],
    ['a file type box whose version reads as a brand', ascii('\x00\x00\x00\x14ftypisomheicmp41')],
    ['a file type box that ends before its brands', ascii('\x00\x00\x00\x20ftyp')],
    ['the signature of JP2 alone', ascii('\x00\x00\x00\x0cjP  ')],
    ['a GIF of no known version', ascii('GIF90a')],
    ['a text that starts with BM', ascii('BMW builds cars, and this is a text about them.')],
    ['a BMP whose header has no known length', bitmapStart(41)],
    ['BM alone', ascii('BM')],
    ['a data URL', ascii('data:image/png;base64,iVBORw0KGgo=')],
    ['a JPEG after a space', Uint8Array.of(0x20, 0xff, 0xd8, 0xff, 0xe0)],
  ])('does not recognise %s as an image', (_, bytes) => {
    expect(detectImageFormat(bytes)).toBeNull();
  });

  it('reads from the start of a view, not of its buffer', () => {
    const buffer = Uint8Array.of(0, 0, 0xff, 0xd8, 0xff, 0xe0);
    expect(detectImageFormat(buffer.subarray(2))).toBe('jpeg');
    expect(detectImageFormat(buffer)).toBeNull();
  });
});
