import { createRequire } from 'node:module';

/** What Emscripten's glue code exposes of a module. */
export interface EmscriptenModule {
  /** The whole memory; replaced when it grows. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
}

type Factory<T> = (options: {
  readonly instantiateWasm: (imports: object, done: (instance: object) => object) => object;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
}) => T | Promise<T>;

const require = createRequire(import.meta.url);

/**
 * Loads a package's glue code and instantiates its compiled module, with separate memory.
 *
 * @param glue the CommonJS file that exports the factory
 * @param onLine called with every line that the C code prints
 */
export async function instantiate<T extends EmscriptenModule>(
  glue: string,
  module: WebAssembly.Module,
  onLine: (line: string) => void,
): Promise<T> {
  const factory = require(glue) as Factory<T>;
  return factory({
    instantiateWasm: (imports, done) => done(new WebAssembly.Instance(module, imports)),
    print: onLine,
    printErr: onLine,
  });
}
