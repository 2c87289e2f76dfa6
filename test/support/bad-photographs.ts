import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { bitmapHeader } from '../../libs/face/src/image/bitmap.fixture.js';
import { animatedWebp, pngChunk, tiff, withEmptyScans } from '../../libs/face/src/image/variants.fixture.js';
import { codedPicture, heif } from '../../libs/face/src/image/wasm/heif.fixture.js';
import { noise, plain } from './pictures.js';
import { photograph } from './service.js';

/** A file that the service cannot use, and the expected error. */
export interface BadPhotograph {
  readonly name: string;
  readonly bytes: Buffer;
  readonly status: number;
  readonly code: string;
}

const obama = photograph('obama.jpg');

/** The leading share of a file. */
const cut = (bytes: Buffer, share: number): Buffer => bytes.subarray(0, Math.floor(bytes.length * share));

/** A file with bytes overwritten from an offset. */
function overwrite(bytes: Buffer, at: number, replacement: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  replacement.copy(copy, at);
  return copy;
}

/** A PNG with one empty chunk that claims a size. */
function pngOfSize(width: number, height: number, { bitDepth = 8, interlaced = false } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, 2, 0, 0, Number(interlaced)], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(1000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG with the size in its header changed. */
function jpegOfSize(width: number, height: number): Buffer {
  // The first frame header belongs to the thumbnail inside the EXIF data.
  const frame = obama.lastIndexOf(Buffer.from([0xff, 0xc0]));
  const size = Buffer.alloc(4);
  size.writeUInt16BE(height, 0);
  size.writeUInt16BE(width, 2);
  return overwrite(obama, frame + 5, size);
}

/** A GIF of a few bytes that claims a size. */
export function gifOfSize(width: number, height: number): Buffer {
  const header = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  const image = Buffer.from(',\0\0\0\0\0\0\0\0\0\x02\x02D\x01\0;', 'latin1');
  image.writeUInt16LE(width, 5);
  image.writeUInt16LE(height, 7);
  return Buffer.concat([header, image]);
}

/** The tags of a grey TIFF of 20×20 px, with its pixels after the header. */
const TIFF_TAGS = { 256: 20, 257: 20, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 20, 279: 400 };

function circularTiff(): Buffer {
  const bytes = tiff(TIFF_TAGS, Buffer.alloc(400));
  bytes.writeUInt32LE(bytes.readUInt32LE(4), bytes.length - 4);
  return bytes;
}

/** A file with every occurrence of a word replaced by one of the same length. */
const renamed = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');

const plainPng = (width: number, height: number, background: string): Promise<Buffer> =>
  plain(width, height, background).png().toBuffer();

/** All unusable photographs, as a table. */
export async function badPhotographs(): Promise<BadPhotograph[]> {
  const source = sharp(obama).resize(400);
  const png = await source.clone().png().toBuffer();
  const webp = await source.clone().webp().toBuffer();
  const gif = await source.clone().gif().toBuffer();
  const avif = await source.clone().avif({ effort: 0 }).toBuffer();
  const lzw = await source.clone().tiff({ compression: 'lzw' }).toBuffer();
  const heic = photograph('head.heic');
  const jp2 = photograph('head.jp2');
  const j2k = photograph('head.j2k');
  const progressive = await source.clone().jpeg({ progressive: true }).toBuffer();
  const stillWebp = await plain(40, 40).webp({ lossless: true }).toBuffer();
  const largeAvif = await plain(4032, 3024).avif({ effort: 0 }).toBuffer();
  const unreadable = (name: string, bytes: Buffer): BadPhotograph => ({
    name,
    bytes,
    status: 400,
    code: 'UNREADABLE_IMAGE',
  });
  const unsupported = (name: string, bytes: Buffer): BadPhotograph => ({
    name,
    bytes,
    status: 400,
    code: 'UNSUPPORTED_FORMAT',
  });
  const tooLarge = (name: string, bytes: Buffer): BadPhotograph => ({
    name,
    bytes,
    status: 413,
    code: 'TOO_MANY_PIXELS',
  });
  const tooSmall = (name: string, bytes: Buffer): BadPhotograph => ({
    name,
    bytes,
    status: 422,
    code: 'IMAGE_TOO_SMALL',
  });
  const noFace = (name: string, bytes: Buffer): BadPhotograph => ({ name, bytes, status: 422, code: 'NO_FACE' });
  return [
    unsupported('a raw file of a camera', tiff({ ...TIFF_TAGS, 50706: 1 }, Buffer.alloc(400))),
    unsupported('a TIFF with old-style JPEG', tiff({ ...TIFF_TAGS, 259: 6 }, Buffer.alloc(400))),
    unsupported('a JPEG XL', Buffer.from('\xff\x0a\xfa\x7f', 'latin1')),
    unsupported('a Photoshop document', Buffer.from('8BPS\0\x01')),
    unsupported('an MP4', Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1')),
    unsupported('a HEIF with AV1 inside', renamed(avif, 'avif', 'mif1')),
    unsupported('one byte', Buffer.from([0])),
    unsupported('text', Buffer.from('this is not a photograph')),
    unsupported('an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"/>')),
    unsupported(
      'an SVG that asks for a file',
      Buffer.from('<?xml version="1.0"?><svg><image href="file:///etc/passwd"/></svg>'),
    ),
    unsupported('a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n')),
    unsupported('a zip', Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1')),
    unsupported('a gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])),
    unsupported('HTML', Buffer.from('<!doctype html><title>x</title>')),
    unsupported('a path', Buffer.from('/etc/passwd')),
    unsupported('a URL', Buffer.from('http://127.0.0.1:1/face.jpg')),
    unsupported('a data: URL inside base64', Buffer.from(`data:image/jpeg;base64,${obama.toString('base64')}`)),
    unsupported('two letters of a bitmap', Buffer.from('BMW is not a bitmap, whatever it begins with')),
    unsupported('a JPEG without its first byte', obama.subarray(1)),
    unsupported('zeros', Buffer.alloc(5000)),
    unreadable('only the magic of a JPEG', obama.subarray(0, 3)),
    unreadable('a third of a JPEG', cut(obama, 0.3)),
    unreadable('most of a JPEG', cut(obama, 0.9)),
    unreadable('a JPEG without its end marker', obama.subarray(0, obama.length - 2)),
    unreadable('half a progressive JPEG', cut(progressive, 0.5)),
    unreadable('a JPEG with zeros for a middle', overwrite(obama, 100_000, Buffer.alloc(50_000))),
    unreadable('the magic of a PNG', png.subarray(0, 8)),
    unreadable('half a PNG', cut(png, 0.5)),
    unreadable('a PNG with a damaged middle', overwrite(png, png.length >> 1, Buffer.alloc(64, 0x55))),
    unreadable('a PNG with a damaged header', overwrite(png, 16, Buffer.alloc(13, 0xff))),
    unreadable('half a WebP', cut(webp, 0.5)),
    unreadable('the magic of a WebP', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1')),
    unreadable('half a GIF', cut(gif, 0.5)),
    unreadable('the magic of a GIF', Buffer.from('GIF89a')),
    unreadable('half an AVIF', cut(avif, 0.5)),
    unreadable('the magic of an AVIF', Buffer.from('\0\0\0\x1cftypavif\0\0\0\0', 'latin1')),
    unreadable('half a TIFF', cut(lzw, 0.5)),
    unreadable('a TIFF with a damaged middle', overwrite(lzw, lzw.length >> 1, Buffer.alloc(64, 0xff))),
    unreadable('the magic of a TIFF', Buffer.from('II*\0\x08\0\0\0', 'latin1')),
    unreadable('half a HEIC', cut(heic, 0.5)),
    unreadable('a HEIC without its last bytes', heic.subarray(0, heic.length - 9)),
    unreadable('a HEIC whose picture is larger than it says', heif(codedPicture(heic), { width: 64, height: 64 })),
    unreadable('the magic of a HEIC', Buffer.from('\0\0\0\x1cftypheic\0\0\0\0', 'latin1')),
    unreadable('half a JP2', cut(jp2, 0.5)),
    unreadable('a codestream of JPEG 2000 without its last bytes', j2k.subarray(0, j2k.length - 9)),
    unreadable('the magic of a JP2', jp2.subarray(0, 12)),
    unreadable('a bitmap without pixels', bitmapHeader({ width: 100, height: 100 })),
    unreadable('a bitmap of no width', bitmapHeader({ width: 0, height: 100 })),
    unreadable('a bitmap of negative width', bitmapHeader({ width: -100, height: 100 })),
    tooLarge('a PNG of 20000×20000', pngOfSize(20_000, 20_000)),
    tooLarge('a JPEG of 65500×65500', jpegOfSize(65_500, 65_500)),
    tooLarge('a GIF of 65535×65535', gifOfSize(65_535, 65_535)),
    tooLarge('a bitmap of 30000×30000', bitmapHeader({ width: 30_000, height: 30_000 })),
    tooLarge('a PNG of 40000×100', pngOfSize(40_000, 100)),
    tooLarge('a PNG of 32768×20', pngOfSize(32_768, 20)),
    tooLarge('an interlaced PNG of 8000×6000', pngOfSize(8000, 6000, { bitDepth: 16, interlaced: true })),
    tooLarge('a GIF of 8000×6000', gifOfSize(8000, 6000)),
    tooLarge('a bitmap of 8000×6000', bitmapHeader({ width: 8000, height: 6000 })),
    tooLarge('an AVIF of 12 megapixels', largeAvif),
    tooLarge('a TIFF of 20000×20000', tiff({ ...TIFF_TAGS, 256: 20_000, 257: 20_000, 259: 5 }, Buffer.alloc(400))),
    tooLarge('a TIFF that is its own next page', circularTiff()),
    tooLarge('a HEIC of 30000×30000', heif(codedPicture(heic), { width: 30_000, height: 30_000 })),
    tooLarge('a HEIC of 48 megapixels', heif(codedPicture(heic), { width: 8000, height: 6000 })),
    tooLarge('a JPEG 2000 of 40000×184', overwrite(j2k, 8, Buffer.from([0, 0, 0x9c, 0x40]))),
    tooLarge('a JPEG with 1,000 empty scans', withEmptyScans(progressive, 1000)),
    tooLarge('a WebP of 50,000 frames', animatedWebp(stillWebp, 40, 50_000)),
    tooSmall('a HEIC of 10×600', heif(codedPicture(heic), { width: 10, height: 600 })),
    tooSmall('1×1', await plainPng(1, 1, 'white')),
    tooSmall('19×400', await plainPng(19, 400, 'white')),
    tooSmall('400×19', await plainPng(400, 19, 'white')),
    tooSmall('1×5000', await plainPng(1, 5000, 'white')),
    noFace('20×20', await plainPng(20, 20, 'white')),
    noFace('20×5000', await plainPng(20, 5000, 'grey')),
    noFace('all black', await plainPng(600, 600, 'black')),
    noFace('all white', await plainPng(600, 600, 'white')),
    noFace('noise', await noise(300, 300).png().toBuffer()),
    noFace('a cat', photograph('cat.png')),
  ];
}

/** Animated pictures: only the first frame counts, the others must cost nothing. */
export async function animated(format: 'gif' | 'webp', frames: number): Promise<Buffer> {
  const frame = await sharp(obama).resize(300, 375, { fit: 'fill' }).png().toBuffer();
  return sharp(Array<Buffer>(frames).fill(frame), { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
}
