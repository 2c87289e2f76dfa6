import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { randomImage } from '../test-support.fixture.js';
import { opposite, type QuarterTurns, turnBox, turnedSize, turnPhotograph, turnPoint } from './quarter-turn.js';

const TURNS: readonly QuarterTurns[] = [0, 1, 2, 3];
const image = randomImage(31, 17, 1);
const photograph = { ...image, original: { width: 62, height: 34 }, scaleToOriginal: 2 };

describe.each(TURNS)('%i quarter turns', (turns) => {
  it('rotate the pixels like sharp', async () => {
    const { width, height, pixels } = image;
    const expected = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .rotate(turns * 90)
      .raw()
      .toBuffer();
    const turned = turnPhotograph(photograph, turns);
    expect(Buffer.from(turned.pixels).equals(expected)).toBe(true);
    expect(turned).toMatchObject(turnedSize(image, turns));
    expect(turned.original).toEqual(turnedSize(photograph.original, turns));
  });

  it('map a point to its pixel’s new position', () => {
    const turned = turnPhotograph(photograph, turns);
    const [x, y] = turnPoint([4.5, 11.5], image, turns);
    const at = 3 * (Math.floor(y) * turned.width + Math.floor(x));
    expect(turned.pixels.slice(at, at + 3)).toEqual(image.pixels.slice(3 * (11 * 31 + 4), 3 * (11 * 31 + 4) + 3));
  });

  it('are reversed by the opposite ones', () => {
    const box = { x1: 1, y1: 2, x2: 30, y2: 5 };
    const there = turnBox(box, image, turns);
    expect(turnBox(there, turnedSize(image, turns), opposite(turns))).toEqual(box);
  });
});
