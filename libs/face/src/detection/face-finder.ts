import { carryOn, type Checkpoint } from '../checkpoint.js';
import { boxArea, boxHeight } from '../geometry/box.js';
import type { Photograph } from '../image/photograph.js';
import { opposite, type QuarterTurns, turnPhotograph } from '../image/quarter-turn.js';
import { type DetectorName, DETECTORS, NETWORKS, QUICK_DETECTOR } from './detectors.js';
import type { DetectedFace, FaceSearch } from './face-detector.js';
import type { FaceOrientation } from './face-orientation.js';
import { bySize, type FaceSelection, selectFace } from './face-selection.js';
import type { LoadedDetectors } from './load-detectors.js';

/** A face that another network finds is taken instead of an unsure one where its box is this many times as large. */
const MUCH_LARGER = 2;

/** A search is given up after so many of its faces that are none: O-net takes some milliseconds for each. */
const MAX_REJECTED = 8;

/** And after this many where all faces are wanted. */
const MAX_REJECTED_OF_ALL = 32;

/** The most faces that rivals for being the one that counts are looked for among. */
const MAX_RIVALS = 32;

/** Which detector to ask, and which faces count. */
export interface DetectorQuery {
  /** The detector whose face it is to be; others help where it is unsure. */
  readonly detector: DetectorName;
  /** Faces with a lower confidence, 0 to 1, do not count. */
  readonly minConfidence: number;
}

/** Asks for the one face that counts. */
export interface FaceQuery extends DetectorQuery {
  readonly selection: FaceSelection;
}

/** Asks for every face. */
export interface AllFacesQuery extends DetectorQuery {
  /** The most faces to give, 1 or more. */
  readonly maxFaces: number;
}

/** A photograph as it was searched. */
interface Searched {
  /** Turned until the largest face is upright. */
  readonly photograph: Photograph;
  /** By how much it was turned, clockwise. */
  readonly turned: QuarterTurns;
  /** Faces that were found, without those that a closer look did not confirm. */
  readonly facesFound: number;
}

/** A face, and the photograph that it was found in. */
export interface FoundFace extends Searched {
  /** In pixels of `photograph`. */
  readonly face: DetectedFace;
}

/** Faces, and the photograph that they were found in. */
export interface FoundFaces extends Searched {
  /** In pixels of `photograph`, the largest first. */
  readonly faces: readonly DetectedFace[];
}

/** What a search is for: the faces that a selection is made from, or all of them up to a number. */
type Wanted = FaceSelection | { readonly all: number };

interface Search extends DetectorQuery {
  readonly wanted: Wanted;
}

/** What a photograph shows, this way up. */
interface Sight {
  /** Confirmed, the largest, which is upright, first. Others only where they are wanted. */
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
    private readonly detectors: LoadedDetectors,
    private readonly orientation: FaceOrientation,
  ) {}

  /**
   * Finds the face that counts.
   *
   * @param checkpoint called between steps
   * @returns undefined where there is no face
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
    const look = (at: Photograph, detector = search.detector): Promise<Sight> =>
      this.#look(at, { ...search, detector }, checkpoint);
    const level = await look(photograph);
    if (showsUprightFace(level) && level.isCertain) return found(photograph, 0, level);
    for (const lies of positions(level)) {
      checkpoint();
      const turned = turnPhotograph(photograph, opposite(lies));
      // A fast detector tells whether another look is worth it.
      const quick = await look(turned, QUICK_DETECTOR);
      if (!showsUprightFace(quick)) continue;
      // A doubtful face is given up only for one that is beyond doubt.
      if (level.faces.length > 0 && lies !== level.lies && !quick.isCertain) continue;
      if (lies !== level.lies && !NETWORKS[quick.faces[0].foundBy].isTrustedInTurned) continue;
      const again = search.detector === QUICK_DETECTOR ? quick : await look(turned);
      if (showsUprightFace(again)) return found(turned, opposite(lies), again);
    }
    return found(photograph, 0, level);
  }

  /** Asks the detector, and others where it is unsure. */
  async #look(
    photograph: Photograph,
    { detector, minConfidence, wanted }: Search,
    checkpoint: Checkpoint,
  ): Promise<Sight> {
    const extent = isAll(wanted) ? 'all' : 'largest';
    let best = NOTHING;
    for (const search of this.#searches(detector)) {
      checkpoint();
      const faces = await search.detect(photograph, checkpoint, extent);
      checkpoint();
      const confident = faces.filter(({ confidence }) => confidence >= minConfidence);
      best = together(best, await this.#confirm(confident, photograph, wanted));
      if (isSettled(best)) return best;
    }
    return best;
  }

  #searches(detector: DetectorName): readonly FaceSearch[] {
    return [detector, ...DETECTORS[detector].helpers].flatMap((name) => this.detectors.get(name).searches);
  }

  async #confirm(faces: readonly DetectedFace[], photograph: Photograph, wanted: Wanted): Promise<Sight> {
    const maxRejected = isAll(wanted) ? MAX_REJECTED_OF_ALL : MAX_REJECTED;
    const confirmed: DetectedFace[] = [];
    let [lies, rejected, isCertain]: [QuarterTurns | undefined, number, boolean] = [undefined, 0, false];
    for (const face of bySize(faces)) {
      if (confirmed.length > 0 && isBeneath(face, confirmed[0], wanted)) break;
      if (rejected === maxRejected || confirmed.length === mostOf(wanted)) break;
      const orientation = await this.orientation.of(face, photograph);
      const { isUpright, turned } = orientation;
      if (confirmed.length === 0) lies ??= turned;
      if (isUpright && confirmed.length === 0) isCertain = orientation.isCertain;
      const countsLying = confirmed.length > 0 && (isAll(wanted) || wanted === 'single');
      if (isUpright || (countsLying && turned !== undefined)) confirmed.push(face);
      else if (turned === undefined) rejected++;
    }
    return { faces: confirmed, isCertain, facesFound: faces.length - rejected, ...(lies !== undefined && { lies }) };
  }
}

/** Whether the largest face is upright, as far as can be told. */
const showsUprightFace = ({ faces, lies }: Sight): boolean => faces.length > 0 && lies === undefined;

const found = (photograph: Photograph, turned: QuarterTurns, { faces, facesFound }: Sight): FoundFaces => ({
  faces,
  photograph,
  turned,
  facesFound,
});

const isAll = (wanted: Wanted): wanted is { readonly all: number } => typeof wanted === 'object';

/** The most faces that are confirmed. */
const mostOf = (wanted: Wanted): number => (isAll(wanted) ? wanted.all : MAX_RIVALS);

/** Whether a face is too small beside the largest to matter. */
function isBeneath(face: DetectedFace, largest: DetectedFace, wanted: Wanted): boolean {
  if (isAll(wanted)) return false;
  return wanted === 'largest' || !isHalfAsHigh(face, largest);
}

const isHalfAsHigh = (face: DetectedFace, largest: DetectedFace): boolean =>
  2 * boxHeight(face.box) >= boxHeight(largest.box);

/** Whether no other network need be asked. */
function isSettled({ faces, lies }: Sight): boolean {
  const face = faces.at(0);
  if (face === undefined || lies !== undefined) return false;
  return face.confidence >= NETWORKS[face.foundBy].asksHelpersBelow;
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
