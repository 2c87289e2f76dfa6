import { createRequire } from 'node:module';

/** What Emscripten's glue code gives to see of a module. */
export interface EmscriptenModule {
  /** The whole memory; another array once it has grown. */
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
 * Loads a package's glue code and makes an instance of its compiled module, with memory of its own.
 *
 * @param glue the CommonJS file that exports the factory
 * @param onLine told every line that the C code prints
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
