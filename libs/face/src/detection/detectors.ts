import { BLAZEFACE } from './blazeface/blazeface.js';
import type { DetectorDefinition, NetworkTraits } from './detector-definition.js';
import { MTCNN } from './mtcnn/mtcnn.js';

/** Every detector. Setting names, model roles and API values derive from this list. */
export const DETECTORS = { mtcnn: MTCNN, blazeface: BLAZEFACE } as const satisfies Record<string, DetectorDefinition>;

/** The role of O-net, MTCNN's last network, which also verifies the faces of every detector. */
export const CONFIRMING_MODEL = 'onet';

/** A detector that a caller can choose. */
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

/** The definition of the detector that a network belongs to. */
export const detectorOf = (network: NetworkName): DetectorDefinition => DETECTORS[NETWORKS[network].detector];

export const NETWORK_NAMES = Object.keys(NETWORKS) as readonly NetworkName[];

/** The fast detector that searches rotated photographs first. */
export const QUICK_DETECTOR: DetectorName = 'blazeface';

/** The detectors to load for these: themselves, their helpers and the one for rotated photographs. */
export function withHelpers(names: readonly DetectorName[]): DetectorName[] {
  const helpers = names.flatMap((name): readonly DetectorName[] => DETECTORS[name].helpers);
  return [...new Set([...names, ...helpers, QUICK_DETECTOR])];
}
