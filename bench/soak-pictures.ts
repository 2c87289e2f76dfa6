import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { photograph } from '../test/support/service.js';
import type { Random } from './fuzz/random.js';

/** Heads in the bundled photographs, in pixels. */
const HEADS = [
  ['obama.jpg', { left: 290, top: 20, width: 420, height: 480 }],
  ['obama2.jpg', { left: 130, top: 120, width: 400, height: 600 }],
  ['astronaut.png', { left: 150, top: 0, width: 150, height: 180 }],
] as const;

const SIDE = 1024;

const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'avif'] as const;

type Format = (typeof FORMATS)[number];

/** A grid of faces: hard work for a detector that examines all of them. */
export async function crowd(columns: number): Promise<Buffer> {
  const cell = Math.floor(SIDE / columns);
  const heads = await Promise.all(
    HEADS.map(([name, region]) =>
      sharp(photograph(name)).extract(region).resize(cell, cell, { fit: 'fill' }).png().toBuffer(),
    ),
  );
  const places = Array.from({ length: columns ** 2 }, (_, i): OverlayOptions => ({
    input: heads[i % heads.length],
    left: (i % columns) * cell,
    top: Math.floor(i / columns) * cell,
  }));
  return grey(SIDE, SIDE).composite(places).jpeg({ quality: 85 }).toBuffer();
}

/** Overlapping leaves of every size: edges everywhere and no face. */
export async function foliage(width: number, height: number, random: Random): Promise<Buffer> {
  const leaves = Array.from({ length: 4000 }, () => {
    const [x, y, angle] = [random.below(width), random.below(height), random.below(360)];
    const [length, green] = [4 + random.below(width / 12), 60 + random.below(150)];
    return `<ellipse cx="${x}" cy="${y}" rx="${length}" ry="${length / 2.5}" transform="rotate(${angle} ${x} ${y})" fill="rgb(${green >> 1},${green},${green >> 2})"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${leaves.join('')}</svg>`;
  return sharp(Buffer.from(svg), { limitInputPixels: false }).flatten({ background: '#243010' }).jpeg().toBuffer();
}

export function noise(width: number, height: number, format: Format): Promise<Buffer> {
  const image = sharp({
    create: { width, height, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  });
  return encoded(image, format);
}

/** A crop of a photograph, or noise, of any size, shape and format: with a face or without. */
export function anyPicture(random: Random): Promise<Buffer> {
  const format = random.pick(FORMATS);
  const [width, height] = [random.between(20, 1600), random.between(20, 1600)];
  if (random.chance(0.2)) return noise(width, height, format);
  const [name] = random.pick(HEADS);
  const fit = random.pick(['cover', 'fill', 'contain'] as const);
  return encoded(sharp(photograph(name)).resize(width, height, { fit }), format);
}

function encoded(image: Sharp, format: Format): Promise<Buffer> {
  return (format === 'avif' ? image.avif({ effort: 0 }) : image.toFormat(format)).toBuffer();
}

const grey = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: 'grey' } });
