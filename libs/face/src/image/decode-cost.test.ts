import { describe, expect, it } from 'vitest';
import { FaceError } from '../errors.js';
import { checkDecodeCost } from './decode-cost.js';
import type { ImageHeader } from './header.js';
import type { JpegScans } from './jpeg-scans.js';

const header = (of: Pick<ImageHeader, 'format' | 'width' | 'height'> & Partial<ImageHeader>): ImageHeader => ({
  hasAlpha: false,
  isCmyk: false,
  isInterlaced: false,
  isAnimated: false,
  bytesPerPixel: 3,
  heldBytes: 0,
  minBytes: 0,
  ...of,
});

function refusal(of: ImageHeader, scans?: JpegScans): FaceError | undefined {
  try {
    checkDecodeCost(of, scans);
    return undefined;
  } catch (error) {
    if (error instanceof FaceError) return error;
    throw error;
  }
}

const phone = { width: 8160, height: 6120 };
const camera = { width: 6000, height: 4000 };
const sequential: JpegScans = { scans: 1, keepsCoefficients: false, samplesPerPixel: 3 };
const progressive: JpegScans = { scans: 10, keepsCoefficients: true, samplesPerPixel: 3 };

describe('checkDecodeCost', () => {
  it.each<[string, ImageHeader, JpegScans?]>([
    ['a JPEG of 50 megapixels', header({ format: 'jpeg', ...phone }), sequential],
    ['a progressive JPEG of 24', header({ format: 'jpeg', ...camera }), progressive],
    ['a PNG of 50', header({ format: 'png', ...phone, bytesPerPixel: 8 })],
    ['an interlaced PNG of 24', header({ format: 'png', ...camera, isInterlaced: true, bytesPerPixel: 4 })],
    ['a WebP of 50', header({ format: 'webp', width: 8000, height: 6250 })],
    ['a GIF of 24', header({ format: 'gif', ...camera })],
    ['a BMP of 24', header({ format: 'bmp', ...camera })],
    ['a TIFF of 50', header({ format: 'tiff', ...phone })],
    ['a TIFF of 16 bits and four samples', header({ format: 'tiff', ...camera, bytesPerPixel: 8 })],
    ['a TIFF of 12 in one JPEG', header({ format: 'tiff', width: 4000, height: 3000, heldBytes: 36e6 })],
    ['an AVIF of 8', header({ format: 'avif', width: 3264, height: 2448 })],
  ])('accepts %s', (_, of, scans) => {
    expect(refusal(of, scans)).toBeUndefined();
  });

  it.each<[string, ImageHeader, JpegScans?]>([
    ['a progressive JPEG', header({ format: 'jpeg', ...phone, width: 8200 }), progressive],
    ['an interlaced PNG', header({ format: 'png', ...phone, isInterlaced: true, bytesPerPixel: 8 })],
    ['an animated WebP', header({ format: 'webp', width: 10_000, height: 6120, isAnimated: true })],
    ['a TIFF', header({ format: 'tiff', ...camera, heldBytes: 72e6 })],
    ['an AVIF', header({ format: 'avif', width: 4032, height: 3024 })],
  ])('rejects by name what would take more: %s', (kind, of, scans) => {
    const refused = refusal(of, scans);
    expect(refused?.code).toBe('TOO_MANY_PIXELS');
    expect(refused?.reason).toContain(`is ${kind} of ${of.width}×${of.height} px; such files may have at most `);
  });

  it('reports the limit', () => {
    expect(refusal(header({ format: 'avif', width: 8000, height: 6250 }))?.reason).toBe(
      'is an AVIF of 8000×6250 px; such files may have at most 8 megapixels',
    );
  });
});
