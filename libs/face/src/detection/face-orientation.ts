import { boxHeight, boxWidth } from '../geometry/box.js';
import type { QuarterTurns } from '../image/quarter-turn.js';
import type { RgbImage } from '../image/rgb-image.js';
import type { TurnedSquare } from '../image/turned-square.js';
import { NETWORKS } from './detectors.js';
import { eyeTilt } from './eye-tilt.js';
import type { DetectedFace } from './face-detector.js';
import type { ONet } from './mtcnn/o-net.js';

/** O-net says so of upright faces that BlazeFace finds (43 in 43), and not of those that are upside down (1 in 43). */
const CONVINCED_AT_ONCE = 0.999;

/** What O-net takes for a face: all but a few percent of what detectors see in pictures without one stays below. */
const CONVINCED = 0.9;

/** One of four squares reaches more than a single one by chance. */
const CONVINCED_TURNED = 0.95;

/** How many times less doubt another position has to leave to be believed instead of the one that the eyes tell. */
const CLEARLY = 5;

/** Up to this angle between the eyes, in radians, a face is tilted; beyond it lies on its side. */
const MOST_TILTED = Math.PI / 3;

const QUARTER = Math.PI / 2;
const QUARTERS: readonly QuarterTurns[] = [0, 1, 2, 3];

/** How a face lies. */
export interface Orientation {
  /** Whether it can be taken for an upright face, a tilted one included. */
  readonly isUpright: boolean;
  /** Whether that is beyond doubt: now and then a small face that lies on its side looks upright. */
  readonly isCertain: boolean;
  /** By how many quarter turns, clockwise, it rather seems to be turned. */
  readonly turned?: QuarterTurns;
}

/**
 * Says which way up a face lies, and whether it is one: O-net, which was trained on upright faces, looks at the square of
 * its box turned this way and that (docs/decisions/0012-second-opinion.md).
 */
export class FaceOrientation {
  constructor(private readonly oNet: ONet) {}

  /** @param face in pixels of the image */
  async of(face: DetectedFace, image: RgbImage): Promise<Orientation> {
    const { certainFrom, sureFrom, findsTurnedFaces } = NETWORKS[face.foundBy];
    const tilt = eyeTilt(face.landmarks, 1);
    const levelTurns = nearestQuarter(tilt);
    if (levelTurns === 0 && face.confidence >= certainFrom) return { isUpright: true, isCertain: true };
    const square = squareAround(face, image);
    const probabilities = (angles: readonly number[]): Promise<number[]> =>
      this.oNet.probabilities(
        image,
        angles.map((angle) => ({ ...square, angle })),
      );
    const [level, opposite] = await probabilities([tilt, tilt + Math.PI]);
    const isLevelFace = level >= CONVINCED;
    // A network that finds no faces that lie on their side does so at most where it says so by their eyes.
    const isSettled = !findsTurnedFaces && isLevelFace && !isClearer(opposite, level);
    if (level >= CONVINCED_AT_ONCE || isSettled) {
      const isCertain = face.confidence >= sureFrom;
      return levelTurns === 0 ? { isUpright: true, isCertain } : { isUpright: false, isCertain, turned: levelTurns };
    }
    const quarters = await probabilities(QUARTERS.map((turns) => turns * QUARTER));
    const best = QUARTERS.reduce((a, b) => (quarters[b] > quarters[a] ? b : a));
    const turned = isLevelFace && !isClearer(quarters[best], level) ? levelTurns : best;
    const isUpright = (isLevelFace && levelTurns === 0) || quarters[0] >= CONVINCED;
    const isTurned = turned !== 0 && (turned === levelTurns ? isLevelFace : quarters[turned] >= CONVINCED_TURNED);
    return { isUpright, isCertain: false, ...(isTurned && { turned }) };
  }
}

/** Whether the first of two probabilities leaves so much less doubt that it is to be believed. */
const isClearer = (a: number, b: number): boolean => 1 - a <= (1 - b) / CLEARLY;

function squareAround({ box }: DetectedFace, { width, height }: RgbImage): Omit<TurnedSquare, 'angle'> {
  return {
    centreX: Math.min(Math.max((box.x1 + box.x2) / 2, 0), width),
    centreY: Math.min(Math.max((box.y1 + box.y2) / 2, 0), height),
    side: Math.max(1, boxWidth(box), boxHeight(box)),
  };
}

function nearestQuarter(tilt: number): QuarterTurns {
  if (Math.abs(tilt) <= MOST_TILTED) return 0;
  return (((Math.round(tilt / QUARTER) % 4) + 4) % 4) as QuarterTurns;
}
