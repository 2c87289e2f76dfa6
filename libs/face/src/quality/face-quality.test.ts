import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { DETECTOR_NAMES, type DetectorName } from '../detection/detectors.js';
import { FaceAnalyser } from '../face-analyser.js';
import { cropBy, largestBy, MAX_PIXELS, MODELS, photographFile, RUNTIME } from '../test-support.fixture.js';
import type { FaceAssessment } from './face-quality.js';

const analyser = await FaceAnalyser.load({
  models: MODELS,
  runtime: RUNTIME,
  crop: cropBy('square'),
  detectors: DETECTOR_NAMES,
  maxPixels: MAX_PIXELS,
});

/** Of each photograph: pixels between the eyes and of the box, and what is measured in the pixels of the face. */
const GOLDEN: Readonly<Record<DetectorName, readonly Golden[]>> = {
  mtcnn: [
    ['obama.jpg', 106, 237, 0.63, 0.59, 0.143, { roll: 0, yaw: 0, pitch: 10 }],
    ['obama2.jpg', 122, 281, 0.55, 0.5, 0.183, { roll: 3, yaw: -16, pitch: -3 }],
    ['obama3.jpg', 122, 276, 0.6, 0.42, 0.109, { roll: 8, yaw: 9, pitch: -18 }],
    ['biden.jpg', 128, 297, 0.62, 0.41, 0.104, { roll: 13, yaw: 12, pitch: -5 }],
    ['astronaut.png', 42, 87, 0.53, 0.67, 0.163, { roll: 3, yaw: 1, pitch: 25 }],
  ],
  blazeface: [
    ['obama.jpg', 104, 288, 0.64, 0.57, 0.146, { roll: 2, yaw: 2, pitch: 2 }],
    ['obama2.jpg', 127, 350, 0.54, 0.48, 0.189, { roll: 5, yaw: -23, pitch: -2 }],
    ['obama3.jpg', 111, 305, 0.59, 0.43, 0.147, { roll: 3, yaw: 16, pitch: -15 }],
    ['biden.jpg', 122, 337, 0.63, 0.43, 0.148, { roll: 11, yaw: 19, pitch: 7 }],
    ['astronaut.png', 45, 104, 0.54, 0.66, 0.169, { roll: 3, yaw: 0, pitch: 10 }],
  ],
};

type Golden = readonly [
  name: string,
  eyeDistance: number,
  faceWidth: number,
  sharpness: number,
  brightness: number,
  contrast: number,
  pose: FaceAssessment['quality']['pose'],
];

describe.each(DETECTOR_NAMES)('the quality of a face found by %s', (detector) => {
  const assess = async (bytes: Uint8Array): Promise<FaceAssessment> =>
    (await analyser.analyse(bytes, largestBy(detector))).face;
  const obama = (): Sharp => sharp(photographFile('obama.jpg'));
  const assessed = async (changed: Sharp): Promise<FaceAssessment> => assess(await changed.png().toBuffer());

  it.each(GOLDEN[detector])('in %s', async (name, eyeDistance, faceWidth, sharpness, brightness, contrast, pose) => {
    const { quality, warnings } = await assess(photographFile(name));
    expect(Math.abs(quality.eyeDistance / eyeDistance - 1)).toBeLessThan(0.06);
    expect(Math.abs(quality.faceWidth / faceWidth - 1)).toBeLessThan(0.06);
    expect(Math.abs(quality.sharpness - sharpness)).toBeLessThan(0.05);
    expect(Math.abs(quality.brightness - brightness)).toBeLessThan(0.03);
    expect(Math.abs(quality.contrast - contrast)).toBeLessThan(0.03);
    expect(Math.abs(quality.pose.roll - pose.roll)).toBeLessThan(5);
    expect(Math.abs(quality.pose.yaw - pose.yaw)).toBeLessThan(6);
    expect(Math.abs(quality.pose.pitch - pose.pitch)).toBeLessThan(8);
    expect(quality).toMatchObject({ cutOff: 0, isGrey: false });
    expect(quality.clippedDark + quality.clippedBright).toBeLessThan(0.05);
    expect(warnings).toEqual([]);
  });

  it.each(['obama_partial_face.jpg', 'obama_partial_face2.jpg'])('tells that %s is cut off', async (name) => {
    const { quality } = await assess(photographFile(name));
    expect(quality.cutOff).toBeGreaterThan(0.15);
    expect(quality.cutOff).toBeLessThan(0.65);
    // The part outside the photograph counts.
    expect(quality.faceWidth).toBeGreaterThan(250);
  });

  it('mirrors roll and yaw with the photograph', async () => {
    const { pose } = (await assess(photographFile('obama2.jpg'))).quality;
    const mirrored = (await assessed(sharp(photographFile('obama2.jpg')).flop())).quality.pose;
    expect(Math.abs(mirrored.yaw + pose.yaw)).toBeLessThan(8);
    expect(Math.abs(mirrored.roll + pose.roll)).toBeLessThan(5);
    expect(Math.abs(mirrored.pitch - pose.pitch)).toBeLessThan(8);
  });

  it.each([-25, 25])('follows a rotation by %d degrees', async (degrees) => {
    const upright = (await assess(photographFile('obama.jpg'))).quality.pose;
    const { pose } = (await assessed(obama().rotate(degrees, { background: 'grey' }))).quality;
    expect(Math.abs(pose.roll - upright.roll - degrees)).toBeLessThan(6);
  });

  it('measures pixels of the photograph as sent, and the rest at one scale', async () => {
    const whole = (await assess(photographFile('obama.jpg'))).quality;
    const twice = (await assessed(obama().resize(1820))).quality;
    expect(twice.eyeDistance / whole.eyeDistance).toBeGreaterThan(1.9);
    expect(twice.eyeDistance / whole.eyeDistance).toBeLessThan(2.1);
    expect(Math.abs(twice.sharpness - whole.sharpness)).toBeLessThan(0.08);
    expect(Math.abs(twice.brightness - whole.brightness)).toBeLessThan(0.03);
  });

  it.each([
    ['BLURRED', (image: Sharp) => image.blur(12)],
    ['FACE_SMALL', (image: Sharp) => image.resize(90)],
    ['TOO_DARK', (image: Sharp) => image.linear(0.15, 0)],
    ['TOO_BRIGHT', (image: Sharp) => image.linear(2.2, 0)],
    ['LOW_CONTRAST', (image: Sharp) => image.linear(0.2, 100)],
  ])('warns of %s', async (warning, damage) => {
    expect((await assessed(damage(obama()))).warnings).toContain(warning);
  });

  it('tells a grey photograph', async () => {
    expect((await assessed(obama().greyscale())).quality.isGrey).toBe(true);
  });

  it('does not warn of several faces because of a doubtful one', async () => {
    const { faces } = await analyser.detect(photographFile('obama.jpg'), { detector, minConfidence: 0, maxFaces: 5 });
    // MTCNN sees another face, of 0.9, in the background.
    for (const { warnings } of faces.slice(0, 1)) expect(warnings).not.toContain('SEVERAL_FACES');
    for (const { warnings } of faces.slice(1))
      expect(warnings).toEqual(expect.arrayContaining(['SEVERAL_FACES', 'LOW_CONFIDENCE']));
  });

  it('warns of several faces', async () => {
    const one = await obama().toBuffer();
    const { info } = await obama().toBuffer({ resolveWithObject: true });
    const two = obama()
      .extend({ right: info.width })
      .composite([{ input: one, left: info.width, top: 0 }]);
    const query = { detector, minConfidence: 0, maxFaces: 5 };
    const { faces } = await analyser.detect(await two.png().toBuffer(), query);
    expect(faces.length).toBeGreaterThan(1);
    for (const { warnings } of faces) expect(warnings).toContain('SEVERAL_FACES');
  });
});
