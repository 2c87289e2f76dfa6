import { type AssessedFace, type BoundingBox, type FaceAssessment, roundBox } from '#face';
import type { AssessmentDto } from './dto/assessment.dto.js';
import type { FaceDto, LandmarksDto } from './dto/face.dto.js';
import type { Plain } from './plain.js';
import { share, tenth } from './rounding.js';

/** Converts a face to its wire format. */
export const toFace = (face: AssessedFace): Plain<FaceDto> => ({
  face_coordinates: toCoordinates(face.box),
  confidence_score: face.confidence,
  detector: face.foundBy,
  landmarks: toLandmarks(face),
  ...toAssessment(face),
});

/** A box as [x1, y1, x2, y2] in whole pixels. */
export function toCoordinates(box: BoundingBox): [number, number, number, number] {
  const { x1, y1, x2, y2 } = roundBox(box);
  return [x1, y1, x2, y2];
}

/** Converts a face's quality and warnings to their wire format. */
export function toAssessment({ quality, warnings }: FaceAssessment): Plain<AssessmentDto> {
  const { pose } = quality;
  return {
    pose: { roll: tenth(pose.roll), yaw: tenth(pose.yaw), pitch: tenth(pose.pitch) },
    quality: {
      eye_distance: tenth(quality.eyeDistance),
      face_width: tenth(quality.faceWidth),
      sharpness: share(quality.sharpness),
      brightness: share(quality.brightness),
      contrast: share(quality.contrast),
      clipped_dark: share(quality.clippedDark),
      clipped_bright: share(quality.clippedBright),
      is_grey: quality.isGrey,
      cut_off: share(quality.cutOff),
    },
    warnings,
  };
}

/** leftEye → left_eye. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const toLandmarks = ({ landmarks }: AssessedFace): LandmarksDto =>
  Object.fromEntries(
    Object.entries(landmarks).map(([name, [x, y]]) => [snakeCase(name), [tenth(x), tenth(y)]]),
  ) as unknown as LandmarksDto;
