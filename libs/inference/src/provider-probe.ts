import { OnnxModel } from '#face/native';
import type { ProbeAnswer, ProbedProvider } from './execution-provider.js';

/*
 * Runs as a separate process with a provider and P-net's path as arguments: probes the provider and reports the result
 * to its parent. A driver that crashes or hangs affects this process, not the service.
 */

const SIDE = 24;

/** Maximum difference between GPU and CPU results: a GPU rounds differently and may compute in 19 bits (TF32). */
const TOLERANCE = 0.01;

async function faceProbabilities(provider: ProbedProvider | 'cpu', path: string): Promise<Float32Array> {
  const signature = { input: 'image', outputs: ['probability'] as const };
  // Without CPU fallback, a session fails that would otherwise silently run there.
  const cpuFallback = provider === 'cpu';
  const model = await OnnxModel.load(path, signature, {
    executionProvider: provider,
    intraOpThreads: 1,
    cpuFallback,
  });
  const input = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) => Math.sin(i));
  return (await model.run(input, [1, 3, SIDE, SIDE])).probability.data;
}

async function probeProvider(provider: ProbedProvider, path: string): Promise<ProbeAnswer> {
  try {
    const actual = await faceProbabilities(provider, path);
    const expected = await faceProbabilities('cpu', path);
    const right = actual.every((value, i) => Math.abs(value - expected[i]) <= TOLERANCE);
    return right ? { usable: true } : { usable: false, reason: 'it computes other values than the CPU' };
  } catch (error) {
    return { usable: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

const [provider, path] = process.argv.slice(2);
process.send?.(await probeProvider(provider as ProbedProvider, path));
process.disconnect();
