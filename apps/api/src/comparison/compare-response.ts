import { detectorOf, embeddingStats } from '#face';
import { toAssessment, toCoordinates, toFace } from '../faces/face-response.js';
import { roundMs, tenth } from '../faces/rounding.js';
import { photographStages } from '../faces/stages.js';
import type { Comparison, FaceMatch, QueuedAnalysis } from './compare-photographs.js';
import type {
  CompareResponseDto,
  EmbeddingMetricsDto,
  FaceMatchDto,
  ImageMetricsDto,
} from './dto/compare-response.dto.js';
import { toVerdict } from './verdict-response.js';

/** Converts a comparison to its wire format. */
export function toCompareResponse(comparison: Comparison, totalMs: number): CompareResponseDto {
  const { analyses, similarity, threshold, verdict, matches, similarityMs } = comparison;
  const { false_match_rate, ...decided } = toVerdict(verdict);
  return {
    similarity: similarity.cosine,
    ...decided,
    total_processing_time_ms: roundMs(totalMs),
    image1_metrics: imageMetrics(analyses[0]),
    image2_metrics: imageMetrics(analyses[1]),
    embedding1_metrics: embeddingMetrics(analyses[0]),
    embedding2_metrics: embeddingMetrics(analyses[1]),
    comparison_metrics: {
      similarity_computation_time_ms: roundMs(similarityMs),
      cosine_similarity: similarity.cosine,
      euclidean_distance: similarity.euclidean,
      threshold_used: threshold,
      ...(false_match_rate !== undefined && { false_match_rate }),
    },
    ...(matches !== undefined && { matches: matches.map(toFaceMatch) }),
  };
}

/** Milliseconds each stage took, per photograph: decode1, detect1, … */
export const stageTimes = ({ analyses, similarityMs }: Comparison): Record<string, number> => ({
  ...photographStages(analyses[0], 1),
  ...photographStages(analyses[1], 2),
  compare: roundMs(similarityMs),
});

const toFaceMatch = ({ face, similarity, verdict }: FaceMatch): FaceMatchDto => ({
  ...toFace(face),
  similarity: similarity.cosine,
  ...toVerdict(verdict),
});

/** Describes an analysed photograph and its face. */
export function imageMetrics({ face, facesFound, turned, image, timings, queueMs }: QueuedAnalysis): ImageMetricsDto {
  return {
    face_detected: true,
    detection_time_ms: roundMs(timings.detectMs),
    face_coordinates: toCoordinates(face.box),
    confidence_score: face.confidence,
    faces_found: facesFound,
    detector: face.foundBy,
    rotation_degrees: turned * 90,
    landmarks: landmarkList(face),
    crop_corners: face.cropCorners.map(toPoint),
    image_size: { width: image.width, height: image.height },
    decode_time_ms: roundMs(timings.decodeMs),
    queue_time_ms: roundMs(queueMs),
    ...toAssessment(face),
  };
}

/** A face's landmarks, in the order documented for its detector. */
function landmarkList({ landmarks, foundBy }: QueuedAnalysis['face']): [number, number][] {
  return detectorOf(foundBy).landmarks.flatMap((name): [number, number][] => {
    const point = landmarks[name];
    return point === undefined ? [] : [toPoint(point)];
  });
}

const toPoint = ([x, y]: readonly [number, number]): [number, number] => [tenth(x), tenth(y)];

function embeddingMetrics({ embedding, timings }: QueuedAnalysis): EmbeddingMetricsDto {
  const { norm, ...stats } = embeddingStats(embedding);
  return {
    embedding_time_ms: roundMs(timings.cropMs + timings.embedMs),
    embedding_dimension: embedding.length,
    embedding_norm: norm,
    embedding_stats: stats,
  };
}
