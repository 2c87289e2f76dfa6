import { basename } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Where the sessions compute. */
export type ExecutionProvider = 'cpu' | 'cuda' | 'webgpu';

export interface RuntimeOptions {
  readonly executionProvider: ExecutionProvider;
  /** Threads one run may use. Workers × threads should not exceed the cores. */
  readonly intraOpThreads: number;
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
   * @param reuseMemory keep freed tensor memory for the next run. Right for a fixed input shape; with ever new shapes
   *   the arena grows without end (P-net's image pyramid).
   */
  static async load<Output extends string>(
    path: string,
    signature: ModelSignature<Output>,
    { executionProvider, intraOpThreads }: RuntimeOptions,
    reuseMemory = true,
  ): Promise<OnnxModel<Output>> {
    const session = await InferenceSession.create(path, {
      executionProviders: executionProvider === 'cpu' ? ['cpu'] : [executionProvider, 'cpu'],
      intraOpNumThreads: intraOpThreads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      enableCpuMemArena: reuseMemory,
      enableMemPattern: reuseMemory,
      logSeverityLevel: 3,
      // Threads that wait by spinning take the cores from the other workers.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
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
