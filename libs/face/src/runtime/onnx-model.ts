import './no-telemetry.js';
import { basename } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BatchLimits } from './micro-batcher.js';

/** Where the sessions compute. */
export type ExecutionProvider = 'cpu' | 'cuda' | 'webgpu';

/** How models whose inputs all have one shape run several of them together. */
export interface Batching extends BatchLimits {
  /**
   * Whether each batch is filled up with zeros, so that the model only ever sees one shape. CUDA tunes its convolutions
   * anew for each shape, which takes far longer than a run (microsoft/onnxruntime#6978).
   */
  readonly padBatches: boolean;
}

export interface RuntimeOptions {
  readonly executionProvider: ExecutionProvider;
  /** Threads one run may use. Workers × threads should not exceed the cores. */
  readonly intraOpThreads: number;
  /** Lets models of one input shape run several inputs together; without it each runs alone. */
  readonly batching?: Batching;
  /** `false` fails the load where the provider would leave a part of the model to the CPU. */
  readonly cpuFallback?: boolean;
}

/** What a model file has to look like, by name. */
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
 * One ONNX session with one float32 input and named float32 outputs: the only place that knows the ONNX Runtime.
 *
 * A session is made once per worker and lives as long as it: making and releasing sessions leaks
 * (microsoft/onnxruntime#25325).
 */
export class OnnxModel<Output extends string> {
  private constructor(
    private readonly session: InferenceSession,
    private readonly signature: ModelSignature<Output>,
  ) {}

  /**
   * Loads a model and checks its input and output names.
   *
   * @param fixedShape whether every run has the same input shape. With ever new shapes (MTCNN's pyramid and candidates) a
   *   memory pattern would be kept for each of them, and CUDA would tune its convolutions again and again: such a model
   *   has no patterns and stays on the CPU.
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
      // Its own arena, so that intermediate results are not asked of the system anew for every run.
      enableCpuMemArena: true,
      enableMemPattern: fixedShape,
      logSeverityLevel: 3,
      // Threads that wait by spinning take the cores from the other workers.
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
