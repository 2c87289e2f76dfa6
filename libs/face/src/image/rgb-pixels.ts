import type { Sharp } from 'sharp';
import type { Size } from '../geometry/box.js';
import type { WorkingScale } from './working-size.js';

/** The decoder's output and the requested result. */
export interface PixelRequest {
  /** The size from the decoder, upright. */
  readonly from: Size;
  readonly to: Size;
  readonly kernel: WorkingScale['kernel'];
  readonly hasAlpha: boolean;
}

/**
 * Converts a picture to scaled 8-bit RGB with sharp, transparency flattened onto white.
 *
 * @throws Error if the result has the wrong size
 */
export async function rgbPixels(image: Sharp, { from, to, kernel, hasAlpha }: PixelRequest): Promise<Uint8Array> {
  let scaled = image;
  if (to.width !== from.width) scaled = scaled.resize(to.width, to.height, { fit: 'fill', kernel });
  if (hasAlpha) scaled = scaled.flatten({ background: 'white' });
  const { data, info } = await scaled
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.width !== to.width || info.height !== to.height || info.channels !== 3) {
    throw new Error(
      `expected ${to.width}×${to.height}×3 pixels but decoded ${info.width}×${info.height}×${info.channels}`,
    );
  }
  return data;
}
