/** A point in pixels of the decoded, upright photograph. */
export type Point = readonly [x: number, y: number];

/** Points of a face. Left is the viewer's left, once the face is upright. `mouth` is its centre, ears are their tragions. */
export type LandmarkName =
  'leftEye' | 'rightEye' | 'nose' | 'mouth' | 'mouthLeft' | 'mouthRight' | 'leftEar' | 'rightEar';

/** The landmarks of a face: always the eyes, plus those that its detector predicts. */
export type Landmarks = Readonly<Record<'leftEye' | 'rightEye', Point> & Partial<Record<LandmarkName, Point>>>;

/**
 * Names the points that a network predicts.
 *
 * @param names in the network's order; the eyes are among them
 * @throws RangeError if the numbers of points and names differ
 */
export function nameLandmarks(names: readonly LandmarkName[], points: readonly Point[]): Landmarks {
  if (names.length !== points.length) {
    throw new RangeError(`expected ${names.length} landmarks but received ${points.length}`);
  }
  return Object.fromEntries(names.map((name, i) => [name, points[i]])) as Landmarks;
}

/** The landmarks with every point moved. */
export function moveLandmarks(landmarks: Landmarks, move: (point: Point) => Point): Landmarks {
  return Object.fromEntries(Object.entries(landmarks).map(([name, point]) => [name, move(point)])) as Landmarks;
}
