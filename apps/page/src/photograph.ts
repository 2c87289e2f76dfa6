import type { ImageMetrics, Point } from './answers.js';
import { CROP_SIDE, type Corners, moveInto, patchAround, sampleCrop } from './crop.js';
import { isTurnedWebp } from './webp.js';

/**
 * Draws what the embedder saw of a photograph.
 *
 * @returns false if the browser cannot read the photograph, or ignores its EXIF orientation (Chromium that of a WebP)
 */
export async function drawCrop(file: File, metrics: ImageMetrics, canvas: HTMLCanvasElement): Promise<boolean> {
  // The service's coordinates are those after the EXIF orientation, which createImageBitmap mostly applies, too.
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return false;
  try {
    const { width, height } = metrics.image_size;
    if (await isTurnedWebp(file)) return false;
    const toBitmap = ([x, y]: Point): Point => [(x * bitmap.width) / width, (y * bitmap.height) / height];
    const corners = metrics.crop_corners.map(toBitmap) as unknown as Corners;
    const patch = patchAround(corners, bitmap);
    const image = readPatch(bitmap, patch);
    const pixels = sampleCrop(image, moveInto(corners, patch, image), CROP_SIDE);
    canvas.width = CROP_SIDE;
    canvas.height = CROP_SIDE;
    contextOf(canvas).putImageData(new ImageData(pixels, CROP_SIDE), 0, 0);
    return true;
  } finally {
    bitmap.close();
  }
}

function readPatch(bitmap: ImageBitmap, { x, y, width, height, shrink }: ReturnType<typeof patchAround>): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * shrink));
  canvas.height = Math.max(1, Math.round(height * shrink));
  const context = contextOf(canvas);
  context.imageSmoothingQuality = 'high';
  // Pictures with transparency: the service puts white behind them.
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** @throws Error if the browser has no memory left for it */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  return context;
}
