import { createCanvas, type Image, loadImage } from '@napi-rs/canvas';
import type { Size } from '../geometry/box.js';

/** Decodes a picture with @napi-rs/canvas (Skia). @returns 8-bit RGB pixels of the requested size */
export async function decodeWithCanvas(bytes: Uint8Array, size: Size): Promise<Uint8Array> {
  const context = createCanvas(size.width, size.height).getContext('2d');
  context.imageSmoothingQuality = 'high';
  const image = await loadImage(bytes);
  context.drawImage(image, 0, 0, size.width, size.height);
  await release(image);
  return dropAlpha(context.getImageData(0, 0, size.width, size.height).data);
}

/**
 * Frees the pixels of an image by loading a tiny one in their place: they are outside the JavaScript heap, so the
 * garbage collector sees no reason to run, and those of many photographs would pile up.
 */
async function release(image: Image): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    image.onload = () => {
      resolve();
    };
    image.onerror = reject;
    image.src = ONE_PIXEL;
  });
}

/** A BMP of 1×1 px: its file header, a BITMAPINFOHEADER of 40 bytes, and a row of B, G, R and a byte of padding. */
const ONE_PIXEL = Buffer.alloc(58);
ONE_PIXEL.write('BM');
ONE_PIXEL.writeUInt32LE(ONE_PIXEL.length, 2);
ONE_PIXEL.set([54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24], 10);

function dropAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from];
    rgb[to + 1] = rgba[from + 1];
    rgb[to + 2] = rgba[from + 2];
  }
  return rgb;
}
