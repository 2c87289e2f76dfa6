import type { EmbeddedFace, FaceDetection, FaceEmbeddings } from '#face';
import type { EmbedderEntry } from '#inference';
import type { EmbeddedFaceDto } from './dto/face.dto.js';
import type { DetectionDto, EmbeddingsDto, WeightsDto } from './dto/faces-response.dto.js';
import { toFace } from './face-response.js';
import { roundMs } from './rounding.js';
import type { Queued } from './stages.js';

/** Converts a detection to its wire format. */
export const toDetection = (detection: Queued<FaceDetection>, totalMs: number): DetectionDto => ({
  faces: detection.faces.map(toFace),
  ...searched(detection, totalMs),
});

/** Converts embeddings to their wire format. */
export const toEmbeddings = (
  embeddings: Queued<FaceEmbeddings>,
  encoding: 'float' | 'base64',
  embedder: EmbedderEntry,
  totalMs: number,
): EmbeddingsDto => ({
  faces: embeddings.faces.map((face) => toEmbeddedFace(face, encoding)),
  ...searched(embeddings, totalMs),
  embedding_time_ms: roundMs(embeddings.timings.cropMs + embeddings.timings.embedMs),
  weights: toWeights(embedder),
});

const toWeights = ({ weights, sha256 }: EmbedderEntry): WeightsDto => ({ name: weights, sha256 });

function searched(
  { facesFound, turned, image, timings, queueMs }: Queued<FaceDetection>,
  totalMs: number,
): Omit<DetectionDto, 'faces'> {
  return {
    faces_found: facesFound,
    rotation_degrees: turned * 90,
    image_size: { width: image.width, height: image.height },
    queue_time_ms: roundMs(queueMs),
    decode_time_ms: roundMs(timings.decodeMs),
    detection_time_ms: roundMs(timings.detectMs),
    total_processing_time_ms: roundMs(totalMs),
  };
}

const toEmbeddedFace = (face: EmbeddedFace, encoding: 'float' | 'base64'): EmbeddedFaceDto => ({
  ...toFace(face),
  embedding: encoding === 'float' ? [...face.embedding] : toBase64(face.embedding),
});

/** The values as little-endian float32 in base64, whatever the machine's own order. */
function toBase64(embedding: Float32Array): string {
  const bytes = Buffer.alloc(embedding.length * Float32Array.BYTES_PER_ELEMENT);
  embedding.forEach((value, i) => bytes.writeFloatLE(value, i * Float32Array.BYTES_PER_ELEMENT));
  return bytes.toString('base64');
}
