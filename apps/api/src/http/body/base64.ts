const WHITESPACE = /[\t\n\f\r ]+/g;

/** `data:image/jpeg;base64,` and its like (RFC 2397), without blanks; nothing but the encoding matters. */
const DATA_URL = /^data:[\w.+/-]{0,100}(?:;[\w=.+-]{1,100}){0,5};base64,$/i;

/** The longest prefix of a data: URL that is looked for, blanks and escapes included, in characters. */
export const MAX_DATA_URL_PREFIX = 1000;

/** Whether a text, up to its first comma, is the prefix of a data: URL in base64. Callers leave blanks in it, and write it in capitals. */
export const isDataUrlPrefix = (text: string): boolean => DATA_URL.test(text.replace(WHITESPACE, ''));

/** Node's decoder looks at the lower byte of a character alone, and would take Ł (U+0141) for A (U+0041). */
const NOT_ONE_BYTE = /[^\0-\xff]/;

/** How many bytes this many characters stand for. */
const bytesOf = (characters: number): number => Math.floor((characters * 3) / 4);

/**
 * Decodes base64 (RFC 4648) of the standard or the URL-safe alphabet, padded or not, with or without line breaks, from
 * texts that are pieces of it.
 *
 * Node's decoder skips whatever is not base64. Comparing the length of its output with that of its input shows that, without
 * a regular expression over megabytes.
 */
export class Base64Decoder {
  readonly #decoded: Buffer;
  #length = 0;
  /** Up to three characters that wait for the rest of their group of four. */
  #carry = '';
  #padding = '';

  /** @param maxCharacters the most characters that will come */
  constructor(maxCharacters: number) {
    this.#decoded = Buffer.allocUnsafe(bytesOf(maxCharacters));
  }

  /** Takes a piece that is whole groups of four and nothing else. @returns whether it was; if not, nothing is taken */
  pushGroups(text: string): boolean {
    return this.#carry === '' && this.#padding === '' && text.length % 4 === 0 && this.#write(text);
  }

  /** Takes any piece. @returns whether it can be part of base64 */
  push(text: string): boolean {
    if (NOT_ONE_BYTE.test(text)) return false;
    const joined = this.#carry + text.replace(WHITESPACE, '');
    const end = joined.indexOf('=');
    const characters = end === -1 ? joined : joined.slice(0, end);
    if (this.#padding !== '' && characters !== this.#carry) return false;
    this.#padding += joined.slice(characters.length);
    if (!/^={0,2}$/.test(this.#padding)) return false;
    const whole = characters.length - (characters.length % 4);
    this.#carry = characters.slice(whole);
    return this.#write(characters.slice(0, whole));
  }

  /** @returns the bytes, or undefined where the text ends in the middle of a group or in wrong padding */
  finish(): Buffer | undefined {
    const left = this.#carry.length;
    const isPadded = this.#padding !== '';
    if (left === 1 || (isPadded && left + this.#padding.length !== 4)) return undefined;
    return this.#write(this.#carry) ? this.#decoded.subarray(0, this.#length) : undefined;
  }

  #write(text: string): boolean {
    const written = this.#decoded.write(text, this.#length, 'base64');
    if (written !== bytesOf(text.length)) return false;
    this.#length += written;
    return true;
  }
}

/** Decodes base64 that is short enough to be decoded at once. @returns undefined where it is something else */
export function decodeBase64(text: string): Buffer | undefined {
  const comma = text.slice(0, MAX_DATA_URL_PREFIX).indexOf(',') + 1;
  const encoded = isDataUrlPrefix(text.slice(0, comma)) ? text.slice(comma) : text;
  const decoder = new Base64Decoder(encoded.length);
  return decoder.push(encoded) ? decoder.finish() : undefined;
}
