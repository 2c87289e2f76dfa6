const EQUALS = '='.charCodeAt(0);

/** Decoded at a time, in characters: short-lived strings of this size cost the heap nothing. Divisible by four. */
const SLICE = 32 * 1024;

/**
 * Decodes base64 of the standard or the URL-safe alphabet, padded or not.
 *
 * Node's decoder skips whatever is not base64. Comparing its output's length with the input's finds that out, in the first
 * slice that has any, without running a regular expression over megabytes.
 *
 * @param encoded the text's bytes; Node decodes strings only, and one string of megabytes would be one for the garbage
 *   collector to run after
 * @returns the bytes, or undefined where the text holds anything else
 */
export function decodeBase64(encoded: Buffer): Buffer | undefined {
  const { length } = encoded;
  const characters = length - paddingOf(encoded);
  if (characters % 4 === 1 || (characters < length && length % 4 !== 0)) return undefined;
  const decoded = Buffer.allocUnsafe(bytesOf(characters));
  for (let from = 0; from < characters; from += SLICE) {
    const text = encoded.toString('latin1', from, Math.min(from + SLICE, characters));
    const written = decoded.write(text, bytesOf(from), 'base64');
    if (written !== bytesOf(text.length)) return undefined;
  }
  return decoded;
}

/** How many bytes so many characters stand for. */
const bytesOf = (characters: number): number => Math.floor((characters * 3) / 4);

/** How many of the last two characters are padding. */
function paddingOf(encoded: Buffer): number {
  if (encoded.at(-1) !== EQUALS) return 0;
  return encoded.at(-2) === EQUALS ? 2 : 1;
}
