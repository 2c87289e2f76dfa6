import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeBase64 } from './base64.js';

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** Shorter strings are not worth the trouble, in bytes. */
const MIN_LENGTH = 4096;

/** Strings that are looked at: more than a comparison has, and a bound on what a hostile body can cost. */
const MAX_STRINGS = 32;

/** What stands for decoded bytes while the rest is parsed; no caller can guess it. */
const PLACEHOLDER = randomUUID();

/**
 * Parses JSON in UTF-8, with long members of the outer object that are clean base64 already decoded: a Buffer stands
 * where their text would. Photographs make up all but a hundred bytes of a comparison's body; this way they never become
 * JavaScript strings that have to be scanned, copied and collected. Before each of them others have their turn on the event
 * loop: decoding megabytes takes milliseconds, and putting their body together has just taken some.
 *
 * Whatever is not clean base64, or has escapes, line breaks or a prefix, is left to JSON.parse.
 *
 * @throws SyntaxError where it is not JSON
 */
export async function parseJsonBody(body: Buffer): Promise<unknown> {
  const start = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const decoded = new Map<string, Buffer>();
  let rest = '';
  let copied = start;
  let opening = body.indexOf(QUOTE, start);
  for (let strings = 0; opening !== -1 && strings < MAX_STRINGS; strings++) {
    const closing = closingQuote(body, opening + 1);
    if (closing === -1) break;
    if (isLongMember(body, opening, closing)) {
      await nextTurn();
      const bytes = decodeBase64(body.subarray(opening + 1, closing));
      if (bytes !== undefined) {
        const placeholder = `${PLACEHOLDER}:${decoded.size}`;
        decoded.set(placeholder, bytes);
        rest += body.toString('utf8', copied, opening + 1) + placeholder;
        copied = closing;
      }
    }
    opening = body.indexOf(QUOTE, closing + 1);
  }
  const parsed: unknown = JSON.parse(rest + body.toString('utf8', copied));
  if (typeof parsed === 'object' && parsed !== null) restore(parsed as Record<string, unknown>, decoded);
  return parsed;
}

/** Where the string that starts at `from` ends, or −1 where it does not. */
function closingQuote(body: Buffer, from: number): number {
  let quote = body.indexOf(QUOTE, from);
  while (quote !== -1) {
    let escapes = 0;
    while (quote - escapes > from && body[quote - escapes - 1] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) break;
    quote = body.indexOf(QUOTE, quote + 1);
  }
  return quote;
}

/** Whether a string is long, and a value: it comes right after a colon, or a colon and a space. */
function isLongMember(body: Buffer, opening: number, closing: number): boolean {
  const before = body[opening - 1] === SPACE ? opening - 2 : opening - 1;
  return closing - opening > MIN_LENGTH && body[before] === COLON;
}

function restore(parsed: Record<string, unknown>, decoded: ReadonlyMap<string, Buffer>): void {
  for (const [key, value] of Object.entries(parsed)) {
    if (typeof value === 'string') parsed[key] = decoded.get(value) ?? value;
  }
}
