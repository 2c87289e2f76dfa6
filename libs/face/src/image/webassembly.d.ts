/** What is used here of a global that Node has and its types lack. */
declare namespace WebAssembly {
  type Module = object;
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module, imports?: object) => { readonly exports: object };
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
