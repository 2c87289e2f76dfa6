import { OnnxModel } from '../libs/face/src/runtime/onnx-model.js';

/**
 * Runs some work and records every model run it causes, so that the runs can be repeated in isolation.
 *
 * @returns a function that repeats all runs, in order
 */
export async function recordRuns(work: () => Promise<unknown>): Promise<() => Promise<void>> {
  const recorded: (() => Promise<unknown>)[] = [];
  const prototype = OnnxModel.prototype as OnnxModel<string>;
  const original = Reflect.get(prototype, 'run');
  prototype.run = function (this: OnnxModel<string>, ...input) {
    recorded.push(() => original.apply(this, input));
    return original.apply(this, input);
  };
  try {
    await work();
  } finally {
    prototype.run = original;
  }
  return async () => {
    for (const again of recorded) await again();
  };
}
