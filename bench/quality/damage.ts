import sharp, { type Sharp } from 'sharp';
import type { AssessedFace, FaceQuality } from '../../libs/face/src/index.js';
import type { RgbImage } from '../../libs/face/src/image/rgb-image.js';
import { seededRandom } from '../../libs/face/src/seeded-random.fixture.js';
import { type FacePoints, turnHead } from './turn-head.js';

/** A photograph to damage, and the face in it. */
export interface Undamaged {
  readonly image: RgbImage;
  readonly face: AssessedFace;
}

/** A way to damage photographs, step by step. */
export interface Damage {
  readonly name: string;
  /** What a step's number says. */
  readonly unit: string;
  /** From the lightest on. */
  readonly steps: readonly number[];
  /** The measure that should tell of it. */
  readonly measure: (quality: FaceQuality) => number;
  readonly measureName: string;
  /** @returns a file */
  readonly apply: (photograph: Undamaged, step: number) => Promise<Buffer>;
}

/** Eyes are this far apart, in pixels, where JPEG or noise is added: their damage depends on the size. */
const EYES_APART = 40;

export const DAMAGES: readonly Damage[] = [
  {
    name: 'scale',
    unit: 'pixels between the eyes',
    steps: [30, 22, 18, 15, 12, 10, 8, 6],
    measure: ({ eyeDistance }) => eyeDistance,
    measureName: 'pixels between the eyes',
    apply: (photograph, apart) => png(scaled(photograph, apart)),
  },
  {
    name: 'blur',
    unit: 'standard deviation, % of the distance between the eyes',
    steps: [2, 3, 4, 5, 6, 8, 10, 13],
    measure: ({ sharpness }) => sharpness,
    measureName: 'sharpness',
    apply: ({ image, face }, share) =>
      png(toSharp(image).blur(Math.max(0.3, (face.quality.eyeDistance * share) / 100))),
  },
  {
    name: 'dark',
    unit: 'gamma',
    steps: [1.5, 2, 3, 4, 6, 8],
    measure: ({ brightness }) => brightness,
    measureName: 'brightness',
    apply: ({ image }, gamma) => png(mapped(image, (value) => 255 * (value / 255) ** gamma)),
  },
  {
    name: 'underexposed',
    unit: '% of the light',
    steps: [50, 25, 12, 6],
    measure: ({ brightness }) => brightness,
    measureName: 'brightness',
    apply: ({ image }, share) => png(mapped(image, (value) => (value * share) / 100)),
  },
  {
    name: 'bright',
    unit: '1 / gamma',
    steps: [1.5, 2, 3, 4, 6, 10],
    measure: ({ brightness }) => brightness,
    measureName: 'brightness',
    apply: ({ image }, inverse) => png(mapped(image, (value) => 255 * (value / 255) ** (1 / inverse))),
  },
  {
    name: 'overexposed',
    unit: '% of the light',
    steps: [130, 160, 200, 250, 320],
    measure: ({ clippedBright }) => clippedBright,
    measureName: 'clipped bright',
    apply: ({ image }, share) => png(mapped(image, (value) => (value * share) / 100)),
  },
  {
    name: 'flat',
    unit: '% of the contrast',
    steps: [60, 30, 20, 12, 7],
    measure: ({ contrast }) => contrast,
    measureName: 'contrast',
    apply: ({ image }, share) => png(mapped(image, (value) => 128 + ((value - 128) * share) / 100)),
  },
  {
    name: 'noise',
    unit: 'standard deviation, of 255',
    steps: [10, 20, 35, 50],
    measure: ({ sharpness }) => sharpness,
    measureName: 'sharpness',
    apply: async (photograph, deviation) => png(noisy(await toImage(scaled(photograph, EYES_APART)), deviation)),
  },
  {
    name: 'jpeg',
    unit: 'quality',
    steps: [50, 25, 12, 6],
    measure: ({ sharpness }) => sharpness,
    measureName: 'sharpness',
    apply: (photograph, quality) => scaled(photograph, EYES_APART).jpeg({ quality }).toBuffer(),
  },
  {
    name: 'tilt',
    unit: 'degrees',
    steps: [10, 20, 30, 40, 50],
    measure: ({ pose }) => Math.abs(pose.roll),
    measureName: 'roll in degrees',
    apply: ({ image }, degrees) => png(toSharp(image).rotate(degrees, { background: 'grey' })),
  },
  {
    name: 'yaw',
    unit: 'degrees, on a generic head',
    steps: [10, 15, 20, 25, 30, 35, 40, 50],
    measure: ({ pose }) => Math.abs(pose.yaw),
    measureName: 'yaw in degrees',
    apply: ({ image, face }, degrees) => png(toSharp(turnHead(image, facePoints(face), 'yaw', degrees))),
  },
  {
    name: 'pitch',
    unit: 'degrees, on a generic head',
    steps: [10, 20, 30, 40],
    measure: ({ pose }) => Math.abs(pose.pitch),
    measureName: 'pitch in degrees',
    apply: ({ image, face }, degrees) => png(toSharp(turnHead(image, facePoints(face), 'pitch', degrees))),
  },
  {
    name: 'cut',
    unit: '% of the box beyond the edge',
    steps: [10, 20, 30, 40, 50],
    measure: ({ cutOff }) => cutOff,
    measureName: 'share cut off',
    apply: (photograph, share) => png(cut(photograph, share)),
  },
];

/** A file as pixels. */
export async function toImage(photograph: Sharp): Promise<RgbImage> {
  const { data, info } = await photograph
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: Uint8Array.from(data) };
}

function toSharp({ pixels, width, height }: RgbImage): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const png = (image: Sharp): Promise<Buffer> => image.png({ compressionLevel: 1 }).toBuffer();

/** The photograph shrunk until the eyes are this far apart, or as it is if they are nearer. */
function scaled({ image, face }: Undamaged, eyesApart: number): Sharp {
  const factor = Math.min(1, eyesApart / face.quality.eyeDistance);
  return toSharp(image).resize(Math.round(image.width * factor), Math.round(image.height * factor), { fit: 'fill' });
}

/** The photograph without what is left of a share of the box, in percent. */
function cut({ image, face: { box } }: Undamaged, share: number): Sharp {
  const left = Math.max(0, Math.round(box.x1 + ((box.x2 - box.x1) * share) / 100));
  return toSharp(image).extract({ left, top: 0, width: image.width - left, height: image.height });
}

/** The picture with each value mapped and rounded. */
function mapped(image: RgbImage, map: (value: number) => number): Sharp {
  const table = Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, Math.max(0, Math.round(map(value)))));
  return toSharp({ ...image, pixels: image.pixels.map((value) => table[value]) });
}

/** The picture with noise that has a normal distribution; the same on every run. */
function noisy(image: RgbImage, deviation: number): Sharp {
  const random = seededRandom(1);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const pixels = image.pixels.map((value) => Math.min(255, Math.max(0, Math.round(value + deviation * normal()))));
  return toSharp({ ...image, pixels });
}

/** The points of a face that both detectors find. */
function facePoints({ landmarks }: AssessedFace): FacePoints {
  const { leftEye, rightEye, mouth, mouthLeft, mouthRight } = landmarks;
  if (mouth !== undefined) return { leftEye, rightEye, mouth };
  if (mouthLeft === undefined || mouthRight === undefined) throw new Error('expected a face with a mouth');
  return {
    leftEye,
    rightEye,
    mouth: [(mouthLeft[0] + mouthRight[0]) / 2, (mouthLeft[1] + mouthRight[1]) / 2],
  };
}
