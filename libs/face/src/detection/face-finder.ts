import { carryOn, type Checkpoint } from '../checkpoint.js';
import { boxArea, boxHeight } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { opposite, type QuarterTurns, turnPhotograph } from '../image/quarter-turn.js';
import type { DetectedFace, DetectorName, FaceDetector, FaceSearch } from './face-detector.js';
import { type FaceOrientation, SURE_MTCNN } from './face-orientation.js';
import { bySize, type FaceSelection, selectFace } from './face-selection.js';

/** A face that another network finds is taken instead of an unsure one where its box is this many times as large. */
const MUCH_LARGER = 2;

/** A search is given up after so many of its faces that are none: O-net takes some milliseconds for each. */
const MAX_REJECTED = 8;

/** The most faces of one search that count. */
const MAX_CONFIRMED = 32;

/** What is asked for. */
export interface FaceQuery {
  /** The detector whose face it is to be; others help where it is unsure. */
  readonly detector: DetectorName;
  readonly selection: FaceSelection;
  /** Faces with a lower confidence, 0 to 1, do not count. */
  readonly minConfidence: number;
}

/** A face, and the photograph that it was found in. */
export interface FoundFace {
  /** In pixels of `photograph`. */
  readonly face: DetectedFace;
  /** The photograph as it was searched: turned until the face is upright. */
  readonly photograph: Photograph;
  /** By how much it was turned, clockwise. */
  readonly turned: QuarterTurns;
  /** Faces that were found, without those that a closer look did not confirm. */
  readonly facesFound: number;
}

/** What a photograph shows, this way up. */
interface Sight {
  /** Confirmed, upright, the largest first. Others than the largest only where they are wanted, if of half its height. */
  readonly faces: readonly DetectedFace[];
  /** How a face lies that is at least as large as these and seems to be turned. */
  readonly lies?: QuarterTurns;
  /** Whether a face is upright beyond doubt. */
  readonly isCertain: boolean;
  readonly facesFound: number;
}

const NOTHING: Sight = { faces: [], isCertain: false, facesFound: 0 };

/**
 * Finds the face that counts in a photograph, however the photograph lies. What a detector finds is confirmed by a second
 * look, and where that leaves nothing, the other networks are asked, and the photograph is turned
 * (docs/decisions/0012-second-opinion.md).
 */
export class FaceFinder {
  constructor(
    private readonly detectors: Readonly<Record<DetectorName, FaceDetector>>,
    private readonly orientation: FaceOrientation,
  ) {}

  /**
   * @param checkpoint called between steps
   * @returns undefined where there is no face
   * @throws FaceError MULTIPLE_FACES
   */
  async find(
    photograph: Photograph,
    query: FaceQuery,
    checkpoint: Checkpoint = carryOn,
  ): Promise<FoundFace | undefined> {
    const look = (at: Photograph, detector = query.detector): Promise<Sight> =>
      this.#look(at, { ...query, detector }, checkpoint);
    const seen = await look(photograph);
    if (showsUprightFace(seen) && seen.isCertain) return found(photograph, 0, seen, query);
    for (const lies of positions(seen)) {
      checkpoint();
      const turned = turnPhotograph(photograph, opposite(lies));
      // BlazeFace, which is fast, tells whether another look is worth it.
      const quick = await look(turned, 'blazeface');
      if (!showsUprightFace(quick)) continue;
      // A doubtful face is given up only for one that is beyond doubt.
      if (seen.faces.length > 0 && lies !== seen.lies && !quick.isCertain) continue;
      // Without a hint, the short range sees faces too often where there is none.
      if (lies !== seen.lies && quick.faces[0].foundBy === 'blazeface-short-range') continue;
      const again = query.detector === 'blazeface' ? quick : await look(turned);
      if (showsUprightFace(again)) return found(turned, opposite(lies), again, query);
    }
    return found(photograph, 0, seen, query);
  }

  /** Asks the detector, and others where it is unsure. */
  async #look(photograph: Photograph, query: FaceQuery, checkpoint: Checkpoint): Promise<Sight> {
    let best = NOTHING;
    for (const search of this.#searches(query.detector)) {
      checkpoint();
      const faces = await search.detect(photograph, checkpoint);
      checkpoint();
      const confident = faces.filter(({ confidence }) => confidence >= query.minConfidence);
      best = together(best, await this.#confirm(confident, photograph, query.selection));
      if (isSettled(best)) return best;
    }
    return best;
  }

  #searches(detector: DetectorName): readonly FaceSearch[] {
    const { mtcnn, blazeface } = this.detectors;
    return detector === 'mtcnn' ? [...mtcnn.searches, ...blazeface.searches] : blazeface.searches;
  }

  async #confirm(faces: readonly DetectedFace[], photograph: Photograph, selection: FaceSelection): Promise<Sight> {
    const confirmed: DetectedFace[] = [];
    let [lies, rejected, isCertain]: [QuarterTurns | undefined, number, boolean] = [undefined, 0, false];
    for (const face of bySize(faces)) {
      if (confirmed.length > 0 && (selection === 'largest' || !isHalfAsHigh(face, confirmed[0]))) break;
      if (rejected === MAX_REJECTED || confirmed.length === MAX_CONFIRMED) break;
      const orientation = await this.orientation.of(face, photograph);
      const { isUpright, turned } = orientation;
      if (confirmed.length === 0) lies ??= turned;
      if (isUpright && confirmed.length === 0) isCertain = orientation.isCertain;
      // Where there may be one alone, another counts whichever way it lies.
      if (isUpright || (selection === 'single' && confirmed.length > 0 && turned !== undefined)) confirmed.push(face);
      else if (turned === undefined) rejected++;
    }
    return { faces: confirmed, isCertain, facesFound: faces.length - rejected, ...(lies !== undefined && { lies }) };
  }
}

/** Whether the largest face is upright, as far as can be told. */
const showsUprightFace = ({ faces, lies }: Sight): boolean => faces.length > 0 && lies === undefined;

function found(photograph: Photograph, turned: QuarterTurns, sight: Sight, query: FaceQuery): FoundFace | undefined {
  const largest = sight.faces.at(0);
  if (largest === undefined) return undefined;
  const face = selectFace([largest, ...sight.faces.slice(1)], query.selection, photograph);
  return { face, photograph, turned, facesFound: sight.facesFound };
}

const isHalfAsHigh = (face: DetectedFace, largest: DetectedFace): boolean =>
  2 * boxHeight(face.box) >= boxHeight(largest.box);

/** Whether no other network need be asked. */
function isSettled({ faces, lies }: Sight): boolean {
  const face = faces.at(0);
  if (face === undefined || lies !== undefined) return false;
  return face.foundBy !== 'mtcnn' || face.confidence >= SURE_MTCNN;
}

/** What two searches show together, the first of which left something open. */
function together(first: Sight, second: Sight): Sight {
  const lies = first.lies ?? second.lies;
  const [a, b] = [first.faces.at(0), second.faces.at(0)];
  const isSecond = a === undefined || (b !== undefined && boxArea(b.box) > MUCH_LARGER * boxArea(a.box));
  const isCertain = first.isCertain || second.isCertain;
  return { ...(isSecond ? second : first), isCertain, ...(lies !== undefined && { lies }) };
}

/** How a face may lie that is not upright, the likeliest first. */
function positions({ lies }: Sight): readonly QuarterTurns[] {
  const all: readonly QuarterTurns[] = [1, 3, 2];
  return lies === undefined ? all : [lies, ...all.filter((turns) => turns !== lies)];
}
