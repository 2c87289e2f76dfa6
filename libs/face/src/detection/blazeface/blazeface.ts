import type { DetectorDefinition } from '../detector-definition.js';
import type { FaceDetector } from '../face-detector.js';

/** MediaPipe's face detection: BlazeFace (arXiv:1907.05047) for faces far and near. */
export const BLAZEFACE = {
  title: 'BlazeFace',
  models: { fullRange: 'blazeface-full-range', shortRange: 'blazeface-short-range' },
  networks: {
    'blazeface-full-range': {
      // No rotated face and no picture without a face reached this (at most 0.79 and 0.82).
      certainFrom: 0.85,
      // 43 of 43 upright faces scored higher, and most sideways ones lower.
      sureFrom: 0.75,
      // Small faces beside a large one score as low as 0.6.
      countsFrom: 0,
      asksHelpersBelow: 0,
      findsTurnedFaces: true,
      isTrustedInTurned: true,
    },
    'blazeface-short-range': {
      certainFrom: Infinity,
      sureFrom: 0.75,
      countsFrom: 0,
      asksHelpersBelow: 0,
      findsTurnedFaces: true,
      // Too many false positives.
      isTrustedInTurned: false,
    },
  },
  landmarks: ['leftEye', 'rightEye', 'nose', 'mouth', 'leftEar', 'rightEar'],
  crop: { margin: 0.2, reference: { padding: 20, filter: 'lanczos3' } },
  helpers: [],
  load: async ({ fullRange, shortRange }, { runtime }): Promise<FaceDetector> => {
    const { BlazeFaceDetector } = await import('./blazeface-detector.js');
    return BlazeFaceDetector.load({ fullRange, shortRange }, runtime);
  },
} as const satisfies DetectorDefinition;
