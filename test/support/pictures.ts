import sharp, { type Color, type Sharp } from 'sharp';

/** A picture of one colour; with alpha where it has four channels. */
export const plain = (width: number, height: number, background: Color = 'grey', channels: 3 | 4 = 3): Sharp =>
  sharp({ create: { width, height, channels, background } });

/** A picture that shows nothing and does not compress. */
export const noise = (width: number, height: number): Sharp =>
  sharp({
    create: { width, height, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  });
