import type { DetectorName } from '#face';

/** The endpoint that compares two photographs with each detector. */
export const COMPARISON_PATHS = {
  mtcnn: '/compare',
  blazeface: '/mediapipe',
} as const satisfies Readonly<Partial<Record<DetectorName, string>>>;
