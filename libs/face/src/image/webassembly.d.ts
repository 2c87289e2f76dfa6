/** The parts used here of a global that is missing from Node's types. */
declare namespace WebAssembly {
  type Module = object;
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module, imports?: object) => { readonly exports: object };
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
