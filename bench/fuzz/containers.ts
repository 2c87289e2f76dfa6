import { crc32 } from 'node:zlib';

/** The formats the service reads. */
export type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'avif' | 'tiff' | 'heic' | 'jp2';

/** Splits a valid file into the segments of its format; joined, they are the file. */
export function split(format: Format, file: Buffer): Buffer[] {
  switch (format) {
    case 'jpeg':
      return pieces(file, 2, jpegSegment);
    case 'png':
      return pieces(file, 8, (at) => 12 + file.readUInt32BE(at));
    case 'webp':
      return pieces(file, 12, (at) => 8 + even(file.readUInt32LE(at + 4)));
    case 'gif':
      return pieces(file, gifHeader(file), gifBlock);
    case 'bmp':
      return pieces(file, 14, (at) => (at === 14 ? file.readUInt32LE(14) : file.length));
    case 'avif':
    case 'heic':
      return pieces(file, 0, (at) => file.readUInt32BE(at));
    case 'tiff':
      return pieces(file, 8, tiffPiece);
    case 'jp2':
      return file[0] === 0 ? pieces(file, 0, (at) => file.readUInt32BE(at)) : pieces(file, 2, codestreamSegment);
  }
}

/** Joins segments, fixing the checksums and lengths that would otherwise make decoders stop early. */
export function join(format: Format, parts: readonly Buffer[]): Buffer {
  if (format === 'png') return Buffer.concat(parts.map((part, i) => (i === 0 ? part : withChecksum(part))));
  const file = Buffer.concat(parts);
  if (format === 'webp' && file.length >= 8) file.writeUInt32LE(file.length - 8, 4);
  return file;
}

/** @param lengthAt length of the segment that starts there */
function pieces(file: Buffer, headerLength: number, lengthAt: (at: number, file: Buffer) => number): Buffer[] {
  const parts = headerLength > 0 ? [file.subarray(0, headerLength)] : [];
  for (let at = headerLength; at < file.length;) {
    const end = Math.min(file.length, at + lengthAt(at, file));
    parts.push(file.subarray(at, end));
    at = end;
  }
  return parts;
}

const START_OF_SCAN = 0xda;

/** A marker and its length; everything from the start of a scan is one segment. */
function jpegSegment(at: number, file: Buffer): number {
  return file[at + 1] === START_OF_SCAN ? file.length : 2 + file.readUInt16BE(at + 2);
}

/** Pixels (which sharp writes before the directory), the number of entries, an entry, or the rest. */
function tiffPiece(at: number, file: Buffer): number {
  const directory = file.readUInt32LE(4);
  if (at < directory) return directory - at;
  return at === directory ? 2 : 12;
}

const START_OF_TILE = 0x90;

/** A marker and its length; everything from the start of the first tile is one segment. */
function codestreamSegment(at: number, file: Buffer): number {
  return file[at + 1] === START_OF_TILE ? file.length : 2 + file.readUInt16BE(at + 2);
}

/** RIFF pads its chunks to an even length. */
const even = (length: number): number => length + (length % 2);

/** The screen descriptor and its palette. */
const gifHeader = (file: Buffer): number => 13 + palette(file[10]);

const palette = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

const EXTENSION = 0x21;
const IMAGE = 0x2c;

/** An extension or an image, up to the empty sub-block that ends it. */
function gifBlock(at: number, file: Buffer): number {
  if (file[at] !== EXTENSION && file[at] !== IMAGE) return 1;
  let end = file[at] === EXTENSION ? at + 2 : at + 11 + palette(file[at + 9]);
  while (file[end] > 0) end += 1 + file[end];
  return end + 1 - at;
}

/** Fixes a PNG chunk's length and checksum. */
function withChecksum(chunk: Buffer): Buffer {
  if (chunk.length < 12) return chunk;
  const fixed = Buffer.from(chunk);
  fixed.writeUInt32BE(chunk.length - 12, 0);
  fixed.writeUInt32BE(crc32(fixed.subarray(4, -4)), chunk.length - 4);
  return fixed;
}
