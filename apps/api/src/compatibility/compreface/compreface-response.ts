import { boxArea, type EmbeddedFace } from '#face';
import type { Comparison } from '../../comparison/compare-photographs.js';
import { toCoordinates } from '../../faces/face-response.js';
import type { Plain } from '../../faces/plain.js';
import { roundMs } from '../../faces/rounding.js';
import type { CompreFaceRequest } from './compreface-request.pipe.js';
import type {
  CompreFaceExecutionTimeDto,
  CompreFaceFaceDto,
  CompreFaceVerificationDto,
} from './compreface-response.dto.js';

/** CompreFace's landmarks have no names, only this order. */
const LANDMARKS: readonly (keyof EmbeddedFace['landmarks'])[] = [
  'leftEye',
  'rightEye',
  'nose',
  'mouthLeft',
  'mouthRight',
];

/**
 * Writes a comparison as CompreFace does.
 *
 * @param calculator the name of the weights
 */
export function toCompreFaceVerification(
  { plugins, status, detector }: Pick<CompreFaceRequest, 'plugins' | 'status' | 'detector'>,
  { analyses: [source, target], matches = [] }: Comparison,
  calculator: string,
): CompreFaceVerificationDto {
  const toFace = (face: EmbeddedFace, { timings }: Comparison['analyses'][number]): Plain<CompreFaceFaceDto> => ({
    box: toBox(face),
    ...(plugins.includes('landmarks') && { landmarks: landmarkList(face) }),
    ...(plugins.includes('calculator') && { embedding: [...face.embedding] }),
    ...(status && { execution_time: executionTime(timings) }),
  });
  const bySize = [...matches].sort((a, b) => boxArea(b.face.box) - boxArea(a.face.box));
  return {
    result: [
      {
        source_image_face: toFace({ ...source.face, embedding: source.embedding }, source),
        face_matches: bySize.map(({ face, similarity }) => ({
          ...toFace(face, target),
          similarity: similarity.cosine,
        })),
        ...(status && { plugins_versions: { detector, calculator } }),
      },
    ],
  };
}

function toBox({ box, confidence: probability }: EmbeddedFace): CompreFaceFaceDto['box'] {
  const [x_min, y_min, x_max, y_max] = toCoordinates(box);
  return { probability, x_max, y_max, x_min, y_min };
}

/** Up to the first that the face's detector does not have, so that each is where clients look for it. */
function landmarkList({ landmarks }: EmbeddedFace): [number, number][] {
  const points: [number, number][] = [];
  for (const name of LANDMARKS) {
    const point = landmarks[name];
    if (point === undefined) break;
    points.push([Math.round(point[0]), Math.round(point[1])]);
  }
  return points;
}

const executionTime = ({
  detectMs,
  cropMs,
  embedMs,
}: Comparison['analyses'][number]['timings']): CompreFaceExecutionTimeDto => ({
  detector: roundMs(detectMs),
  calculator: roundMs(cropMs + embedMs),
});
