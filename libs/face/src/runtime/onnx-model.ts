import './no-telemetry.js';
import { basename } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BatchLimits } from './micro-batcher.js';

/** What the sessions run on. */
export type ExecutionProvider = 'cpu' | 'cuda' | 'webgpu';

/** Batching for models whose inputs all have the same shape. */
export interface Batching extends BatchLimits {
  /**
   * Whether batches are padded with zeros to a single shape. CUDA re-tunes its convolutions for each new shape, which
   * takes far longer than a run (microsoft/onnxruntime#6978).
   */
  readonly padBatches: boolean;
}

export interface RuntimeOptions {
  readonly executionProvider: ExecutionProvider;
  /** Threads per run. Workers × threads should not exceed the cores. */
  readonly intraOpThreads: number;
  /** Enables batching for models with a fixed input shape; without it each input runs alone. */
  readonly batching?: Batching;
  /** If `false`, loading fails when the provider would leave a part of the model to the CPU. */
  readonly cpuFallback?: boolean;
}

/** The required input and output names of a model. */
export interface ModelSignature<Output extends string> {
  readonly input: string;
  readonly outputs: readonly Output[];
}

/** A float32 tensor, row-major. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/**
 * One ONNX session with one float32 input and named float32 outputs: the only place that uses the ONNX Runtime.
 *
 * A session is created once per worker and lives as long as it does, because creating and releasing sessions leaks
 * memory (microsoft/onnxruntime#25325).
 */
export class OnnxModel<Output extends string> {
  private constructor(
    private readonly session: InferenceSession,
    private readonly signature: ModelSignature<Output>,
  ) {}

  /**
   * Loads a model and checks its input and output names.
   *
   * @param fixedShape whether every run has the same input shape. With varying shapes (MTCNN's pyramid and candidates)
   *   a memory pattern would be kept for each, and CUDA would re-tune its convolutions each time, so such a model has
   *   no patterns and runs on the CPU.
   */
  static async load<Output extends string>(
    path: string,
    signature: ModelSignature<Output>,
    { executionProvider, intraOpThreads, cpuFallback = true }: RuntimeOptions,
    fixedShape = true,
  ): Promise<OnnxModel<Output>> {
    const providers = executionProvider === 'cpu' || !cpuFallback ? [executionProvider] : [executionProvider, 'cpu'];
    const session = await InferenceSession.create(path, {
      executionProviders: fixedShape ? providers : ['cpu'],
      intraOpNumThreads: intraOpThreads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // An arena, so that memory for intermediate results is not requested from the system for every run.
      enableCpuMemArena: true,
      enableMemPattern: fixedShape,
      logSeverityLevel: 3,
      // Spinning threads would take the cores from the other workers.
      extra: { session: { intra_op: { allow_spinning: '0' }, disable_cpu_ep_fallback: cpuFallback ? '0' : '1' } },
    });
    const missing = [
      ...[signature.input].filter((name) => !session.inputNames.includes(name)),
      ...signature.outputs.filter((name) => !session.outputNames.includes(name)),
    ];
    if (missing.length > 0) {
      throw new Error(`${basename(path)}: expected a tensor named ${missing.join(', ')} but the model has none`);
    }
    return new OnnxModel(session, signature);
  }

  /** Runs the model on one input. The returned arrays belong to the caller. */
  async run(data: Float32Array, dims: readonly number[]): Promise<Record<Output, FloatTensor>> {
    const feeds = { [this.signature.input]: new Tensor('float32', data, dims) };
    const results = await this.session.run(feeds, this.signature.outputs);
    return Object.fromEntries(
      this.signature.outputs.map((name) => {
        const { data: values, dims: shape } = results[name];
        if (!(values instanceof Float32Array)) throw new TypeError(`${name}: expected float32 values`);
        return [name, { data: values, dims: shape }];
      }),
    ) as Record<Output, FloatTensor>;
  }
}
