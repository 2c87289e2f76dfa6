import { describe, expect, it } from 'vitest';
import { detectImageFormat } from './image-format.js';
import { recogniseUnsupported } from './unsupported-format.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('recogniseUnsupported', () => {
  it.each([
    ['PDF', 'a PDF', '%PDF-1.7\n'],
    ['PDF', 'a PDF after a line break', '\r\n%PDF-1.4'],
    ['SVG', 'an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['SVG', 'an SVG with a declaration', '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn --><!DOCTYPE svg>\n<svg>'],
    ['JPEG_XL', 'a JPEG XL', '\xff\x0a\xfa\x7f'],
    ['JPEG_XL', 'a JPEG XL in boxes', '\0\0\0\x0cJXL \r\n\x87\n'],
    ['PSD', 'a Photoshop document', '8BPS\0\x01'],
    ['ZIP', 'a ZIP', 'PK\x03\x04\x14\0'],
    ['CAMERA_RAW', 'a CR3', '\0\0\0\x18ftypcrx \0\0\0\x01crx isom'],
    ['CAMERA_RAW', 'a RAF', 'FUJIFILMCCD-RAW 0201'],
    ['CAMERA_RAW', 'an ORF', 'IIRO\x08\0\0\0'],
    ['CAMERA_RAW', 'an RW2', 'IIU\0\x18\0\0\0'],
    ['VIDEO', 'an MP4', '\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41'],
    ['VIDEO', 'a MOV', '\0\0\0\x14ftypqt  \0\0\0\0qt  '],
    ['VIDEO', 'an older MOV', '\0\0\0\x08wide\0\0\0\0mdat'],
    ['VIDEO', 'an AVI', 'RIFF\0\0\0\0AVI LIST'],
    ['VIDEO', 'a WebM', '\x1aE\xdf\xa3\x9f'],
  ])('%s: %s', (format, _, start) => {
    expect(detectImageFormat(latin1(start))).toBeNull();
    expect(recogniseUnsupported(latin1(start))).toBe(format);
  });

  it.each([
    ['nothing', ''],
    ['text', 'Two photographs in, a verdict out.'],
    ['HTML with a drawing in it', '<!doctype html><html><svg></svg></html>'],
    ['XML', '<?xml version="1.0"?><note>svg</note>'],
    ['a WAV', 'RIFF\0\0\0\0WAVEfmt '],
    ['a gzip', '\x1f\x8b\x08'],
  ])('does not recognise %s', (_, start) => {
    expect(recogniseUnsupported(latin1(start))).toBeUndefined();
  });

  it('reads from the start of a view, not of its buffer', () => {
    expect(recogniseUnsupported(latin1('%PDF-1.7 8BPS').subarray(9))).toBe('PSD');
  });
});
