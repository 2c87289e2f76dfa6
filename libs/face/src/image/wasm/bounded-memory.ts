const PAGE_BYTES = 65_536;

/** The magic number and the version. */
const HEADER_BYTES = 8;

const MEMORY_SECTION = 5;

/**
 * Lowers the maximum memory of a WebAssembly module: beyond it growing fails, and its allocator reports that it is out
 * of memory.
 *
 * Compilers write a limit of 2 GB into the module and offer no way to change it later.
 *
 * @param module with one memory that has a limit (https://webassembly.github.io/spec/core/binary/modules.html)
 * @param maxBytes rounded down to pages of 64 KiB
 * @returns a copy of the module with that limit
 */
export function boundMemory(module: Uint8Array, maxBytes: number): Uint8Array {
  const bytes = Uint8Array.from(module);
  const reader = new Reader(bytes, HEADER_BYTES);
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const length = reader.number();
    if (section !== MEMORY_SECTION) {
      reader.at += length;
      continue;
    }
    const [memories, hasLimit] = [reader.number(), reader.byte()];
    if (memories !== 1 || hasLimit !== 1) break;
    reader.number();
    const start = reader.at;
    reader.number();
    writeNumber(bytes.subarray(start, reader.at), Math.floor(maxBytes / PAGE_BYTES));
    return bytes;
  }
  throw new Error('expected a module with one memory that has a limit');
}

/** Reads bytes and LEB128 numbers in sequence. */
class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    return this.bytes[this.at++];
  }

  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value;
    }
  }
}

/** Writes a LEB128 number padded to the given length. */
function writeNumber(place: Uint8Array, value: number): void {
  for (const index of place.keys()) {
    const isLast = index === place.length - 1;
    place[index] = (Math.floor(value / 2 ** (7 * index)) & 0x7f) | (isLast ? 0 : 0x80);
  }
}
