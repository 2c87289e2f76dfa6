import { describe, expect, it } from 'vitest';
import { compareEmbeddings, DETECTOR_NAMES, type EmbedderModel, isMatch } from '#face';
import { FaceAnalyser } from '#face/native';
import {
  cropBy,
  INT8_EMBEDDER,
  largestBy,
  MAX_PIXELS,
  MODELS,
  photographFile,
  REFERENCE,
  RUNTIME,
  THRESHOLD,
} from '../../face/src/test-support.fixture.js';

const PHOTOGRAPHS = Object.keys(REFERENCE.images).filter((name) => REFERENCE.images[name].mtcnn !== null);

const load = (embedder: EmbedderModel): Promise<FaceAnalyser> =>
  FaceAnalyser.load({
    models: { ...MODELS, embedder },
    runtime: RUNTIME,
    crop: cropBy('square'),
    detectors: DETECTOR_NAMES,
    maxPixels: MAX_PIXELS,
  });

// On CPUs without VNNI this fails for a model whose sums of 8-bit products saturate.
describe.each(DETECTOR_NAMES)('the int8 embedder, on faces found by %s', (detector) => {
  async function embeddings(embedder: EmbedderModel): Promise<Float32Array[]> {
    const analyser = await load(embedder);
    const analyses = [];
    for (const name of PHOTOGRAPHS) analyses.push(await analyser.analyse(photographFile(name), largestBy(detector)));
    return analyses.map(({ embedding }) => embedding);
  }

  it('agrees with the float32 one: every face, every pair and every verdict', async () => {
    const int8 = await embeddings(INT8_EMBEDDER);
    const fp32 = await embeddings(MODELS.embedder);
    expect(fp32).toHaveLength(7);
    for (const [i, embedding] of int8.entries()) {
      expect(compareEmbeddings(embedding, fp32[i]).cosine).toBeGreaterThanOrEqual(0.998);
      for (let other = 0; other < i; other++) {
        const similarity = compareEmbeddings(embedding, int8[other]).cosine;
        const expected = compareEmbeddings(fp32[i], fp32[other]).cosine;
        expect(Math.abs(similarity - expected)).toBeLessThanOrEqual(0.02);
        expect(isMatch(similarity, THRESHOLD)).toBe(isMatch(expected, THRESHOLD));
      }
    }
  });
});
