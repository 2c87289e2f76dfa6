import type { DetectorContext } from './detector-definition.js';
import { type DetectorName, DETECTORS, withHelpers } from './detectors.js';
import type { FaceDetector } from './face-detector.js';

/** The model files of each detector in use, by the names in its definition. */
export type DetectorPaths = Readonly<Partial<Record<DetectorName, Readonly<Record<string, string>>>>>;

/** The loaded detectors. */
export class LoadedDetectors {
  private constructor(private readonly detectors: ReadonlyMap<DetectorName, FaceDetector>) {}

  /**
   * Loads detectors and their helpers.
   *
   * @throws RangeError if the paths of one of them are missing
   */
  static async load(
    names: readonly DetectorName[],
    paths: DetectorPaths,
    context: DetectorContext,
  ): Promise<LoadedDetectors> {
    const detectors = new Map<DetectorName, FaceDetector>();
    for (const name of withHelpers(names)) {
      const files = paths[name];
      if (files === undefined) throw new RangeError(`the models of ${name} are missing`);
      detectors.set(name, await DETECTORS[name].load(files, context));
    }
    return new LoadedDetectors(detectors);
  }

  all(): FaceDetector[] {
    return [...this.detectors.values()];
  }

  /** @throws RangeError if it is not loaded */
  get(name: DetectorName): FaceDetector {
    const detector = this.detectors.get(name);
    if (detector === undefined) throw new RangeError(`the detector ${name} is not loaded`);
    return detector;
  }
}
