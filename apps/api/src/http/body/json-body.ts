import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../errors/service-error.js';
import { Base64Decoder, isDataUrlPrefix, MAX_DATA_URL_PREFIX } from './base64.js';
import { nextTurn } from './turns.js';

/** A string that is longer, in bytes, is taken for a photograph and never becomes a JavaScript string as a whole. */
const LONG = 4096;

/** What may stand beside the photographs: bytes, members and levels. A comparison has a hundred bytes and three members. */
const MAX_BYTES = 64 * 1024;
const MAX_MEMBERS = 32;
const MAX_DEPTH = 4;

/** Characters that are decoded at a time, a multiple of four: short-lived strings of this size cost the heap nothing. */
const SLICE = 32 * 1024;

/** Characters after which others have their turn on the event loop: about two milliseconds of decoding. */
const TURN = 1024 * 1024;

/** The longest escape sequence is \u002f. */
const MAX_ESCAPE = 6;

const [QUOTE, BACKSLASH, COLON, COMMA] = Buffer.from('"\\:,');
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = Buffer.from('{}[]');
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** What stands for a photograph while the rest is parsed; no caller can guess it. */
const PLACEHOLDER = randomUUID();

/** Where a long string lies in the body: the first byte inside its quotes, and the one behind the last. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses JSON in UTF-8 whose long strings, values of the outer object, are base64: a Buffer stands where their text would,
 * an empty one where it is no base64. Everything else is measured before it is parsed: it must be small.
 *
 * A body of any size keeps the event loop for a few milliseconds at a time: what is parsed at once is small, and the base64
 * is decoded in slices.
 *
 * @param checkpoint called between slices; what it throws ends the decoding
 * @throws SyntaxError where it is not JSON
 * @throws ServiceError INVALID_REQUEST where there is too much beside the photographs
 */
export async function parseJsonBody(body: Buffer, checkpoint: () => void = () => undefined): Promise<unknown> {
  const { text, photographs } = withoutPhotographs(body);
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return parsed;
  const members = parsed as Record<string, unknown>;
  for (const [name, value] of Object.entries(members)) {
    const span = typeof value === 'string' ? photographs.get(value) : undefined;
    if (span !== undefined) members[name] = await decodeSpan(body, span, checkpoint);
  }
  return members;
}

/** The body's text with a placeholder for each photograph. */
function withoutPhotographs(body: Buffer): { text: string; photographs: ReadonlyMap<string, Span> } {
  const start = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const budget = new Budget();
  const photographs = new Map<string, Span>();
  let [text, copied, depth, previous, outer] = ['', start, 0, 0, 0];
  for (let at = start; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = closingQuote(body, at + 1, budget);
      if (depth === 1 && outer === OPEN_OBJECT && previous === COLON && end - at > LONG) {
        const placeholder = `${PLACEHOLDER}:${photographs.size}`;
        photographs.set(placeholder, { start: at + 1, end });
        text += body.toString('utf8', copied, at + 1) + placeholder;
        copied = end;
      } else budget.spend(end - at);
      at = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === 0) outer = byte;
      if (++depth > MAX_DEPTH) throw tooMuch();
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
    else if (byte === COMMA) budget.countMember();
    budget.spend(1);
    if (!isBlank(byte)) previous = byte;
  }
  return { text: text + body.toString('utf8', copied), photographs };
}

/** What of the allowance beside the photographs is left. */
class Budget {
  #bytes = MAX_BYTES;
  #members = MAX_MEMBERS;

  /** @throws ServiceError where nothing is left */
  spend(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw tooMuch();
  }

  countMember(): void {
    if (--this.#members <= 0) throw tooMuch();
  }
}

const tooMuch = (): ServiceError =>
  new ServiceError(
    'INVALID_REQUEST',
    `Besides the photographs, the body may have at most ${MAX_BYTES / 1024} kB, ${MAX_MEMBERS} members and ${MAX_DEPTH} levels.`,
  );

/** Where the string that starts at `from` ends. Escapes, which base64 hardly has, are spent from the budget. */
function closingQuote(body: Buffer, from: number, budget: Budget): number {
  let quote = body.indexOf(QUOTE, from);
  while (quote !== -1) {
    let escapes = 0;
    while (quote - escapes > from && body[quote - escapes - 1] === BACKSLASH) {
      escapes++;
      budget.spend(1);
    }
    if (escapes % 2 === 0) return quote;
    quote = body.indexOf(QUOTE, quote + 1);
  }
  throw new SyntaxError('a string has no end');
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** @returns the bytes of a long string in base64, plain or as a data: URL; none where it is something else */
async function decodeSpan(body: Buffer, { start, end }: Span, checkpoint: () => void): Promise<Buffer> {
  const nothing = Buffer.alloc(0);
  let at = start + dataUrlPrefix(body, start, end);
  const decoder = new Base64Decoder(end - at);
  for (let turn = -TURN; at < end;) {
    if (at - turn >= TURN) {
      turn = at;
      await nextTurn();
      checkpoint();
    }
    const next = sliceEnd(body, at, end);
    const text = body.toString('latin1', at, next);
    if (!decoder.pushGroups(text) && !decoder.push(unescape(text))) return nothing;
    at = next;
  }
  return decoder.finish() ?? nothing;
}

/** How many bytes of a string are the prefix of a data: URL. */
function dataUrlPrefix(body: Buffer, start: number, end: number): number {
  const text = body.toString('latin1', start, Math.min(end, start + MAX_DATA_URL_PREFIX));
  const length = text.indexOf(',') + 1;
  return length > 0 && isDataUrlPrefix(unescape(text.slice(0, length))) ? length : 0;
}

/** Where the next slice ends: not inside of an escape sequence. */
function sliceEnd(body: Buffer, from: number, end: number): number {
  if (from + SLICE >= end) return end;
  const backslash = body.subarray(from + SLICE - MAX_ESCAPE, from + SLICE).indexOf(BACKSLASH);
  return backslash === -1 ? from + SLICE : from + SLICE - MAX_ESCAPE + backslash;
}

/** @throws SyntaxError where the text cannot stand in a JSON string */
const unescape = (text: string): string => JSON.parse(`"${text}"`) as string;
