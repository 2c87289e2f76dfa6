import { BLAZEFACE } from './blazeface/blazeface.js';
import type { DetectorDefinition, NetworkTraits } from './detector-definition.js';
import { MTCNN } from './mtcnn/mtcnn.js';

/** Every detector. Names of settings, roles of models and values in the API derive from this list. */
export const DETECTORS = { mtcnn: MTCNN, blazeface: BLAZEFACE } as const satisfies Record<string, DetectorDefinition>;

/** The role of O-net, which MTCNN ends with and which has a second look at the faces of every detector. */
export const CONFIRMING_MODEL = 'onet';

/** A detector that a caller can ask for. */
export type DetectorName = keyof typeof DETECTORS;

/** A network that finds faces; a detector may have several. */
export type NetworkName = { [D in DetectorName]: keyof (typeof DETECTORS)[D]['networks'] }[DetectorName];

export const DETECTOR_NAMES = Object.keys(DETECTORS) as readonly DetectorName[];

interface Network extends NetworkTraits {
  readonly detector: DetectorName;
}

/** Every network, with its detector. */
export const NETWORKS = Object.fromEntries(
  DETECTOR_NAMES.flatMap((detector) =>
    Object.entries<NetworkTraits>(DETECTORS[detector].networks).map(([name, traits]) => [
      name,
      { ...traits, detector },
    ]),
  ),
) as Readonly<Record<NetworkName, Network>>;

export const NETWORK_NAMES = Object.keys(NETWORKS) as readonly NetworkName[];

/** The detector that looks first at a photograph that was turned: it is fast. */
export const QUICK_DETECTOR: DetectorName = 'blazeface';

/** What has to be loaded for these detectors: themselves, their helpers and the one for photographs that are turned. */
export function withHelpers(names: readonly DetectorName[]): DetectorName[] {
  const helpers = names.flatMap((name): readonly DetectorName[] => DETECTORS[name].helpers);
  return [...new Set([...names, ...helpers, QUICK_DETECTOR])];
}
