/* The parts of the service's answers that the page uses. docs/api.md explains them. */

/** A point, [x, y], in pixels of the photograph as sent, upright. */
export type Point = readonly [number, number];

/** Which of the two photographs. */
export type Which = 1 | 2;

export interface ImageMetrics {
  readonly face_coordinates: readonly [number, number, number, number];
  readonly confidence_score: number;
  readonly faces_found: number;
  readonly detector: string;
  readonly rotation_degrees: number;
  readonly landmarks: readonly Point[];
  readonly crop_corners: readonly [Point, Point, Point, Point];
  readonly image_size: { readonly width: number; readonly height: number };
  readonly pose: { readonly roll: number; readonly yaw: number; readonly pitch: number };
  readonly quality: { readonly eye_distance: number; readonly sharpness: number; readonly brightness: number };
  readonly warnings: readonly string[];
}

/** Of pairs of different people, how many score as high. Either `rate` with its interval, or `below`. */
export interface FalseMatchRate {
  readonly rate?: number;
  readonly low?: number;
  readonly high?: number;
  readonly below?: number;
}

/** The answer to a comparison. */
export interface Comparison {
  readonly similarity: number;
  readonly match: boolean;
  readonly decision?: 'match' | 'no_match' | 'review';
  readonly total_processing_time_ms: number;
  readonly image1_metrics: ImageMetrics;
  readonly image2_metrics: ImageMetrics;
  readonly comparison_metrics: { readonly threshold_used: number; readonly false_match_rate?: FalseMatchRate };
}

/** What is running: the answer to GET /. */
export interface Status {
  readonly version: string;
  readonly embedder_weights: string;
  readonly detectors: readonly string[];
  readonly defaults: { readonly threshold: number };
  readonly calibration?: readonly { readonly detector: string; readonly threshold: number }[];
  readonly review_band?: readonly [number, number];
  readonly limits: { readonly max_image_bytes: number };
}

/** An error (RFC 9457). */
export interface Problem {
  readonly detail: string;
  readonly code: string;
  readonly image?: unknown;
  readonly errors?: readonly { readonly detail: string; readonly image?: unknown }[];
}
