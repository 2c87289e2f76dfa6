import { detectorOf, embeddingStats, roundBox } from '#face';
import type { Comparison, QueuedAnalysis } from './comparison.service.js';
import type { CompareResponseDto, EmbeddingMetricsDto, ImageMetricsDto } from './dto/compare-response.dto.js';

/** Converts a comparison to its wire format. */
export function toCompareResponse(comparison: Comparison, totalMs: number): CompareResponseDto {
  const { analyses, similarity, threshold, match, similarityMs } = comparison;
  return {
    similarity: similarity.cosine,
    match,
    total_processing_time_ms: round(totalMs),
    image1_metrics: imageMetrics(analyses[0]),
    image2_metrics: imageMetrics(analyses[1]),
    embedding1_metrics: embeddingMetrics(analyses[0]),
    embedding2_metrics: embeddingMetrics(analyses[1]),
    comparison_metrics: {
      similarity_computation_time_ms: round(similarityMs),
      cosine_similarity: similarity.cosine,
      euclidean_distance: similarity.euclidean,
      threshold_used: threshold,
    },
  };
}

/** Milliseconds each stage took, per photograph: decode1, detect1, … */
export function stageTimes({ analyses, similarityMs }: Comparison, totalMs: number): Record<string, number> {
  const stages = analyses.flatMap(({ timings, queueMs }, i): [string, number][] => [
    [`queue${i + 1}`, queueMs],
    [`decode${i + 1}`, timings.decodeMs],
    [`detect${i + 1}`, timings.detectMs],
    [`crop${i + 1}`, timings.cropMs],
    [`embed${i + 1}`, timings.embedMs],
  ]);
  const all: [string, number][] = [...stages, ['compare', similarityMs], ['total', totalMs]];
  return Object.fromEntries(all.map(([stage, ms]) => [stage, round(ms)]));
}

/** The value of a Server-Timing header. */
export function serverTiming(stages: Readonly<Record<string, number>>): string {
  return Object.entries(stages)
    .map(([stage, ms]) => `${stage};dur=${ms}`)
    .join(', ');
}

function imageMetrics({ face, facesFound, turned, image, timings, queueMs }: QueuedAnalysis): ImageMetricsDto {
  const { x1, y1, x2, y2 } = roundBox(face.box);
  return {
    face_detected: true,
    detection_time_ms: round(timings.detectMs),
    face_coordinates: [x1, y1, x2, y2],
    confidence_score: face.confidence,
    faces_found: facesFound,
    detector: face.foundBy,
    rotation_degrees: turned * 90,
    landmarks: landmarkList(face),
    image_size: { width: image.width, height: image.height },
    decode_time_ms: round(timings.decodeMs),
    queue_time_ms: round(queueMs),
  };
}

/** A face's landmarks, in the order documented for its detector. */
function landmarkList({ landmarks, foundBy }: QueuedAnalysis['face']): [number, number][] {
  return detectorOf(foundBy).landmarks.flatMap((name): [number, number][] => {
    const point = landmarks[name];
    return point === undefined ? [] : [[tenth(point[0]), tenth(point[1])]];
  });
}

function embeddingMetrics({ embedding, timings }: QueuedAnalysis): EmbeddingMetricsDto {
  const { norm, ...stats } = embeddingStats(embedding);
  return {
    embedding_time_ms: round(timings.cropMs + timings.embedMs),
    embedding_dimension: embedding.length,
    embedding_norm: norm,
    embedding_stats: stats,
  };
}

/** Rounds to microseconds; finer digits are noise. */
const round = (ms: number): number => Math.round(ms * 1000) / 1000;
const tenth = (pixels: number): number => Math.round(pixels * 10) / 10;
