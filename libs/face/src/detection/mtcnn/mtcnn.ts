import type { DetectorDefinition } from '../detector-definition.js';
import type { FaceDetector } from '../face-detector.js';

/** MTCNN, without the O-net that every detector shares. */
export const MTCNN = {
  title: 'MTCNN',
  models: { pNet: 'pnet', rNet: 'rnet' },
  networks: {
    mtcnn: {
      // Its confidence is O-net's own; 160 of 164 real faces scored above 0.99, and most false positives below.
      certainFrom: 0.999,
      sureFrom: 0.99,
      countsFrom: 0.99,
      asksHelpersBelow: 0.99,
      findsTurnedFaces: false,
      isTrustedInTurned: true,
    },
  },
  landmarks: ['leftEye', 'rightEye', 'nose', 'mouthLeft', 'mouthRight'],
  crop: { margin: 0.3, reference: { padding: 0, filter: 'bilinear' } },
  helpers: ['blazeface'],
  load: async ({ pNet, rNet }, { runtime, oNet }): Promise<FaceDetector> => {
    const { MtcnnDetector } = await import('./mtcnn-detector.js');
    return MtcnnDetector.load({ pNet, rNet }, oNet, runtime);
  },
} as const satisfies DetectorDefinition;
