import { boxHeight, boxWidth } from '../geometry/box.js';
import type { QuarterTurns } from '../image/quarter-turn.js';
import type { RgbImage } from '../image/rgb-image.js';
import type { TurnedSquare } from '../image/turned-square.js';
import { NETWORKS } from './detectors.js';
import { eyeTilt } from './eye-tilt.js';
import type { DetectedFace } from './face-detector.js';
import type { ONet } from './mtcnn/o-net.js';

/** O-net reaches this for upright faces found by BlazeFace (43 of 43), but not for upside-down ones (1 of 43). */
const CERTAIN_FACE = 0.999;

/** O-net's threshold for a face: all but a few percent of the detectors' false positives score lower. */
const MIN_PROBABILITY = 0.9;

/** Higher, because the best of four squares is more likely than a single one to reach a score by chance. */
const MIN_PROBABILITY_ROTATED = 0.95;

/** How many times lower the doubt about another orientation must be to override the one given by the eyes. */
const MIN_DOUBT_RATIO = 5;

/** Up to this angle of the eye line, in radians, a face counts as tilted; beyond it, as sideways. */
const MAX_TILT = Math.PI / 3;

const QUARTER = Math.PI / 2;
const QUARTERS: readonly QuarterTurns[] = [0, 1, 2, 3];

/** The orientation of a face. */
export interface Orientation {
  /** Whether it passes as an upright face, possibly tilted. */
  readonly isUpright: boolean;
  /** Whether that is certain: a small sideways face occasionally looks upright. */
  readonly isCertain: boolean;
  /** By how many quarter turns, clockwise, it more likely is rotated. */
  readonly turned?: QuarterTurns;
}

/**
 * Determines the orientation of a face, and whether it is one: O-net, which was trained on upright faces, scores the
 * square around its box at several rotations (docs/decisions/0012-second-opinion.md).
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
    const isLevelFace = level >= MIN_PROBABILITY;
    // A network that finds no sideways faces finds one at most if its eye landmarks show it as such.
    const isSettled = !findsTurnedFaces && isLevelFace && !isClearer(opposite, level);
    if (level >= CERTAIN_FACE || isSettled) {
      const isCertain = face.confidence >= sureFrom;
      return levelTurns === 0 ? { isUpright: true, isCertain } : { isUpright: false, isCertain, turned: levelTurns };
    }
    const quarters = await probabilities(QUARTERS.map((turns) => turns * QUARTER));
    const best = QUARTERS.reduce((a, b) => (quarters[b] > quarters[a] ? b : a));
    const turned = isLevelFace && !isClearer(quarters[best], level) ? levelTurns : best;
    const isUpright = (isLevelFace && levelTurns === 0) || quarters[0] >= MIN_PROBABILITY;
    const isTurned =
      turned !== 0 && (turned === levelTurns ? isLevelFace : quarters[turned] >= MIN_PROBABILITY_ROTATED);
    return { isUpright, isCertain: false, ...(isTurned && { turned }) };
  }
}

/** Whether the first probability leaves so much less doubt than the second that it wins. */
const isClearer = (a: number, b: number): boolean => 1 - a <= (1 - b) / MIN_DOUBT_RATIO;

function squareAround({ box }: DetectedFace, { width, height }: RgbImage): Omit<TurnedSquare, 'angle'> {
  return {
    centreX: Math.min(Math.max((box.x1 + box.x2) / 2, 0), width),
    centreY: Math.min(Math.max((box.y1 + box.y2) / 2, 0), height),
    side: Math.max(1, boxWidth(box), boxHeight(box)),
  };
}

function nearestQuarter(tilt: number): QuarterTurns {
  if (Math.abs(tilt) <= MAX_TILT) return 0;
  return (((Math.round(tilt / QUARTER) % 4) + 4) % 4) as QuarterTurns;
}
