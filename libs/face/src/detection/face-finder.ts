import { carryOn, type Checkpoint } from '../checkpoint.js';
import { boxArea, boxHeight } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { opposite, type QuarterTurns, turnPhotograph } from '../image/quarter-turn.js';
import { type DetectorName, DETECTORS, NETWORKS, QUICK_DETECTOR } from './detectors.js';
import type { DetectedFace, FaceSearch } from './face-detector.js';
import type { FaceOrientation } from './face-orientation.js';
import { bySize, type FaceSelection, selectFace } from './face-selection.js';
import type { LoadedDetectors } from './load-detectors.js';

/** A face from another network replaces an uncertain one if its box is this many times larger. */
const MUCH_LARGER = 2;

/** A search ends after this many false positives: O-net takes a few milliseconds for each. */
const MAX_REJECTED = 8;

/** The same when all faces are requested. */
const MAX_REJECTED_OF_ALL = 32;

/** The maximum number of confirmed faces to select one from. */
const MAX_CANDIDATES = 32;

/** Which detector to use, and which faces to accept. */
export interface DetectorQuery {
  /** The primary detector; others help if it is unsure. */
  readonly detector: DetectorName;
  /** Faces with a lower confidence, 0 to 1, are ignored. */
  readonly minConfidence: number;
}

/** Requests one face. */
export interface FaceQuery extends DetectorQuery {
  readonly selection: FaceSelection;
}

/** Requests every face. */
export interface AllFacesQuery extends DetectorQuery {
  /** Maximum number of faces to return, 1 or more. */
  readonly maxFaces: number;
}

/** A photograph as it was searched. */
interface Searched {
  /** Rotated so that the largest face is upright. */
  readonly photograph: Photograph;
  /** How far it was rotated, clockwise. */
  readonly turned: QuarterTurns;
  /** Number of faces found, excluding those that O-net rejected. */
  readonly facesFound: number;
  /** Those of them that make a photograph one of several faces. */
  readonly countedFaces: readonly DetectedFace[];
}

/** A face and the photograph it was found in. */
export interface FoundFace extends Searched {
  /** In pixels of `photograph`. */
  readonly face: DetectedFace;
}

/** Faces and the photograph they were found in. */
export interface FoundFaces extends Searched {
  /** In pixels of `photograph`, the largest first. */
  readonly faces: readonly DetectedFace[];
}

/** What to search for: candidates for a selection, or all faces up to a number. */
type Wanted = FaceSelection | { readonly all: number };

interface Search extends DetectorQuery {
  readonly wanted: Wanted;
}

/** What the networks find in a photograph at one rotation. */
interface Observation {
  /** Confirmed faces, starting with the largest, which is upright; others only if wanted. */
  readonly faces: readonly DetectedFace[];
  /** The rotation of an apparently rotated face at least as large as these. */
  readonly rotation?: QuarterTurns;
  /** Whether a face is certainly upright. */
  readonly isCertain: boolean;
  readonly facesFound: number;
  readonly countedFaces: readonly DetectedFace[];
}

const NOTHING: Observation = { faces: [], isCertain: false, facesFound: 0, countedFaces: [] };

/**
 * Finds faces in a photograph of any orientation. O-net verifies what a detector finds; if nothing is left, the other
 * networks run and the photograph is rotated (docs/decisions/0012-second-opinion.md).
 */
export class FaceFinder {
  constructor(
    private readonly detectors: LoadedDetectors,
    private readonly orientation: FaceOrientation,
  ) {}

  /**
   * Finds one face.
   *
   * @param checkpoint called between steps
   * @returns undefined if there is no face
   * @throws FaceError MULTIPLE_FACES
   */
  async find(
    photograph: Photograph,
    { selection, ...query }: FaceQuery,
    checkpoint: Checkpoint = carryOn,
  ): Promise<FoundFace | undefined> {
    const { faces, ...searched } = await this.#find(photograph, { ...query, wanted: selection }, checkpoint);
    const largest = faces.at(0);
    if (largest === undefined) return undefined;
    return { ...searched, face: selectFace([largest, ...faces.slice(1)], selection, searched.photograph) };
  }

  /** Finds every face, small ones included. @param checkpoint called between steps */
  findAll(
    photograph: Photograph,
    { maxFaces, ...query }: AllFacesQuery,
    checkpoint: Checkpoint = carryOn,
  ): Promise<FoundFaces> {
    return this.#find(photograph, { ...query, wanted: { all: maxFaces } }, checkpoint);
  }

  async #find(photograph: Photograph, search: Search, checkpoint: Checkpoint): Promise<FoundFaces> {
    const observe = (at: Photograph, detector = search.detector): Promise<Observation> =>
      this.#observe(at, { ...search, detector }, checkpoint);
    const unrotated = await observe(photograph);
    if (showsUprightFace(unrotated) && unrotated.isCertain) return found(photograph, 0, unrotated);
    for (const rotation of rotationsToTry(unrotated)) {
      checkpoint();
      const turned = turnPhotograph(photograph, opposite(rotation));
      // A fast detector checks whether a full search is worthwhile.
      const quick = await observe(turned, QUICK_DETECTOR);
      if (!showsUprightFace(quick)) continue;
      // An uncertain face is replaced only by a certain one.
      if (unrotated.faces.length > 0 && rotation !== unrotated.rotation && !quick.isCertain) continue;
      if (rotation !== unrotated.rotation && !NETWORKS[quick.faces[0].foundBy].isTrustedInTurned) continue;
      const full = search.detector === QUICK_DETECTOR ? quick : await observe(turned);
      if (showsUprightFace(full)) return found(turned, opposite(rotation), full);
    }
    return found(photograph, 0, unrotated);
  }

  /** Runs the detector, and others if it is unsure. */
  async #observe(
    photograph: Photograph,
    { detector, minConfidence, wanted }: Search,
    checkpoint: Checkpoint,
  ): Promise<Observation> {
    const extent = isAll(wanted) ? 'all' : 'largest';
    let best = NOTHING;
    for (const search of this.#searches(detector)) {
      checkpoint();
      const faces = await search.detect(photograph, checkpoint, extent);
      checkpoint();
      const confident = faces.filter(({ confidence }) => confidence >= minConfidence);
      best = merge(best, await this.#confirm(confident, photograph, wanted));
      if (isConclusive(best)) return best;
    }
    return best;
  }

  #searches(detector: DetectorName): readonly FaceSearch[] {
    return [detector, ...DETECTORS[detector].helpers].flatMap((name) => this.detectors.get(name).searches);
  }

  async #confirm(faces: readonly DetectedFace[], photograph: Photograph, wanted: Wanted): Promise<Observation> {
    const maxRejected = isAll(wanted) ? MAX_REJECTED_OF_ALL : MAX_REJECTED;
    const confirmed: DetectedFace[] = [];
    const rejected: DetectedFace[] = [];
    let [rotation, isCertain]: [QuarterTurns | undefined, boolean] = [undefined, false];
    for (const face of bySize(faces)) {
      if (confirmed.length > 0 && isNegligible(face, confirmed[0], wanted)) break;
      if (rejected.length === maxRejected || confirmed.length === maxConfirmed(wanted)) break;
      const orientation = await this.orientation.of(face, photograph);
      const { isUpright, turned } = orientation;
      if (confirmed.length === 0) rotation ??= turned;
      if (isUpright && confirmed.length === 0) isCertain = orientation.isCertain;
      const countsRotated = confirmed.length > 0 && (isAll(wanted) || wanted === 'single');
      if (isUpright || (countsRotated && turned !== undefined)) confirmed.push(face);
      else if (turned === undefined) rejected.push(face);
    }
    return {
      faces: confirmed,
      isCertain,
      facesFound: faces.length - rejected.length,
      countedFaces: faces.filter((face) => countsAsAnother(face) && !rejected.includes(face)),
      ...(rotation !== undefined && { rotation }),
    };
  }
}

/** Whether the largest face seems upright. */
const showsUprightFace = ({ faces, rotation }: Observation): boolean => faces.length > 0 && rotation === undefined;

const found = (photograph: Photograph, turned: QuarterTurns, observation: Observation): FoundFaces => {
  const { faces, facesFound, countedFaces } = observation;
  return { faces, photograph, turned, facesFound, countedFaces };
};

const isAll = (wanted: Wanted): wanted is { readonly all: number } => typeof wanted === 'object';

/** Maximum number of faces to confirm. */
const maxConfirmed = (wanted: Wanted): number => (isAll(wanted) ? wanted.all : MAX_CANDIDATES);

/** Whether a face is too small next to the largest to matter. */
function isNegligible(face: DetectedFace, largest: DetectedFace, wanted: Wanted): boolean {
  if (isAll(wanted)) return false;
  return wanted === 'largest' || !isHalfAsHigh(face, largest);
}

const isHalfAsHigh = (face: DetectedFace, largest: DetectedFace): boolean =>
  2 * boxHeight(face.box) >= boxHeight(largest.box);

/** Whether no other network needs to run. */
function isConclusive({ faces, rotation }: Observation): boolean {
  const face = faces.at(0);
  if (face === undefined || rotation !== undefined) return false;
  return face.confidence >= NETWORKS[face.foundBy].asksHelpersBelow;
}

/** Merges an inconclusive observation with that of the next search. */
function merge(first: Observation, second: Observation): Observation {
  const rotation = first.rotation ?? second.rotation;
  const [a, b] = [first.faces.at(0), second.faces.at(0)];
  const isSecond = a === undefined || (b !== undefined && boxArea(b.box) > MUCH_LARGER * boxArea(a.box));
  const isCertain = first.isCertain || second.isCertain;
  return { ...(isSecond ? second : first), isCertain, ...(rotation !== undefined && { rotation }) };
}

/** Whether a face is likely enough to be one for another face not to be alone. */
const countsAsAnother = ({ confidence, foundBy }: DetectedFace): boolean => confidence >= NETWORKS[foundBy].countsFrom;

/** The rotations that a face may have, most likely first. */
function rotationsToTry({ rotation }: Observation): readonly QuarterTurns[] {
  const all: readonly QuarterTurns[] = [1, 3, 2];
  return rotation === undefined ? all : [rotation, ...all.filter((turns) => turns !== rotation)];
}
