const WHITESPACE = /[\t\n\f\r ]+/g;

/** `data:image/jpeg;base64,` and the like (RFC 2397), without whitespace; only the encoding matters. */
const DATA_URL = /^data:[\w.+/-]{0,100}(?:;[\w=.+-]{1,100}){0,5};base64,$/i;

/** Maximum length of a data: URL prefix in characters, including whitespace and escapes. */
export const MAX_DATA_URL_PREFIX = 1000;

/**
 * Whether a text up to its first comma is the prefix of a base64 data: URL. Clients send it with whitespace and in
 * capitals.
 */
export const isDataUrlPrefix = (text: string): boolean => DATA_URL.test(text.replace(WHITESPACE, ''));

/** Node's decoder reads only the low byte of a character, so it would decode Ł (U+0141) as A (U+0041). */
const NOT_ONE_BYTE = /[^\0-\xff]/;

/** The number of bytes that base64 of this length decodes to. */
const bytesOf = (characters: number): number => Math.floor((characters * 3) / 4);

/**
 * Decodes base64 (RFC 4648) in chunks: standard or URL-safe alphabet, padded or not, with or without line breaks.
 * Node's decoder skips invalid characters; comparing the length of its output with that of its input detects them
 * without a regular expression over megabytes.
 */
export class Base64Decoder {
  readonly #decoded: Buffer;
  #length = 0;
  /** Up to three characters of an incomplete group of four. */
  #carry = '';
  #padding = '';

  /** @param maxCharacters upper bound of the input's length */
  constructor(maxCharacters: number) {
    this.#decoded = Buffer.allocUnsafe(bytesOf(maxCharacters));
  }

  /**
   * Decodes a chunk that consists of complete groups of four and nothing else.
   *
   * @returns whether it does; if not, nothing is consumed
   */
  pushGroups(text: string): boolean {
    return this.#carry === '' && this.#padding === '' && text.length % 4 === 0 && this.#write(text);
  }

  /**
   * Decodes any chunk.
   *
   * @returns whether it can be part of base64
   */
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

  /** @returns the bytes, or undefined if the text ends within a group or with wrong padding */
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

/**
 * Decodes base64 that is short enough for a single call.
 *
 * @returns undefined if it is not base64
 */
export function decodeBase64(text: string): Buffer | undefined {
  const comma = text.slice(0, MAX_DATA_URL_PREFIX).indexOf(',') + 1;
  const encoded = isDataUrlPrefix(text.slice(0, comma)) ? text.slice(comma) : text;
  const decoder = new Base64Decoder(encoded.length);
  return decoder.push(encoded) ? decoder.finish() : undefined;
}
