/** This many matching characters in a row are no coincidence. */
const WINDOW = 16;

/** Ways to write bytes as text. */
const ENCODINGS = ['base64', 'base64url', 'hex', 'latin1', 'utf8'] as const;

/**
 * Searches a text for parts of a file, in any encoding: finds every part of 31 or more characters.
 *
 * @returns 16 characters of the part; undefined if there is none
 */
export function leakedPart(text: string, file: Buffer): string | undefined {
  const windows = new Set(Array.from({ length: text.length }, (_, at) => text.slice(at, at + WINDOW)));
  for (const encoding of ENCODINGS) {
    // Base64 of the same bytes differs between three positions in the file.
    for (const skipped of [0, 1, 2]) {
      const encoded = file.subarray(skipped).toString(encoding);
      for (let at = 0; at + WINDOW <= encoded.length; at += WINDOW) {
        const part = encoded.slice(at, at + WINDOW);
        if (windows.has(part)) return part;
      }
    }
  }
  return undefined;
}

/** Eight numbers in a row, whatever separates them: part of an embedding, or of pixels. */
export const MANY_NUMBERS = /(?:-?\d+(?:\.\d+)?(?:e-?\d+)?[\s,;]+){7}-?\d/;
