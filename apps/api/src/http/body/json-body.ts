import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../errors/service-error.js';
import { Base64Decoder, isDataUrlPrefix, MAX_DATA_URL_PREFIX } from './base64.js';
import { nextTurn } from './turns.js';

/** Strings longer than this, in bytes, are treated as photographs and never become one JavaScript string. */
const LONG = 4096;

/**
 * Limits for everything besides the photographs: bytes, members and levels. A comparison has a hundred bytes and three
 * members.
 */
const MAX_BYTES = 64 * 1024;
const MAX_MEMBERS = 32;
const MAX_DEPTH = 4;

/** What each possible element of a list adds to them: an embedding of 512 numbers, one a line, and its weights. */
const ITEM_BYTES = 24 * 1024;
const ITEM_MEMBERS = 520;

/** The levels at which members may be photographs: those of the body, and of the elements of a list in it. */
const BODY_DEPTH = 1;
const ITEM_DEPTH = 3;

/** Characters decoded at a time, a multiple of four: short-lived strings of this size put no load on the heap. */
const SLICE = 32 * 1024;

/** Characters to decode before yielding to the event loop: about two milliseconds of decoding. */
const TURN = 1024 * 1024;

/** The longest escape sequence is \u002f. */
const MAX_ESCAPE = 6;

const [QUOTE, BACKSLASH, COLON, COMMA, PADDING] = Buffer.from('"\\:,=');
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = Buffer.from('{}[]');
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** Stands in for a photograph while the rest is parsed; clients cannot guess it. */
const PLACEHOLDER = randomUUID();

/** Position of a long string in the body: the first byte inside its quotes, and the one after the last. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses UTF-8 JSON in which long strings that are values of the outer object, or of the objects in a list in it, are
 * base64: each becomes a Buffer, empty if it is not valid base64. Everything else must be small, and is measured before
 * it is parsed. However large the body, the event loop is blocked only for a few milliseconds at a time, because the
 * base64 is decoded in slices.
 *
 * @param checkpoint called between slices; throwing from it stops the decoding
 * @param items maximum number of objects in the list; 0: no photographs in lists
 * @throws SyntaxError if it is not JSON
 * @throws ServiceError INVALID_REQUEST if there is too much besides the photographs
 */
export async function parseJsonBody(
  body: Buffer,
  checkpoint: () => void = () => undefined,
  items = 0,
): Promise<unknown> {
  const { text, photographs } = withoutPhotographs(body, items);
  const parsed: unknown = JSON.parse(text);
  if (!isObject(parsed)) return parsed;
  for (const holder of [parsed, ...listedObjects(parsed)]) {
    const members = Object.entries(holder);
    // The allowance for a list is one for its elements: an object with thousands of members takes long to validate.
    if (members.length > MAX_MEMBERS) throw new Budget(items).exceeded();
    for (const [name, value] of members) {
      const span = typeof value === 'string' ? photographs.get(value) : undefined;
      if (span !== undefined) holder[name] = await decodeSpan(body, span, checkpoint);
    }
  }
  return parsed;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const listedObjects = (outer: Readonly<Record<string, unknown>>): Record<string, unknown>[] =>
  Object.values(outer).flatMap((value) => (Array.isArray(value) ? value.filter(isObject) : []));

/** The body's text, with a placeholder for each photograph. */
function withoutPhotographs(body: Buffer, items: number): { text: string; photographs: ReadonlyMap<string, Span> } {
  const start = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const budget = new Budget(items);
  const photographs = new Map<string, Span>();
  let [text, copied, depth, previous, outer] = ['', start, 0, 0, 0];
  for (let at = start; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = closingQuote(body, at + 1, budget);
      const isHolder = depth === BODY_DEPTH || (items > 0 && depth === ITEM_DEPTH);
      if (isHolder && outer === OPEN_OBJECT && previous === COLON && end - at > LONG) {
        const placeholder = `${PLACEHOLDER}:${photographs.size}`;
        photographs.set(placeholder, { start: at + 1, end });
        text += body.toString('utf8', copied, at + 1) + placeholder;
        copied = end;
      } else budget.spend(end - at);
      at = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === 0) outer = byte;
      if (++depth > MAX_DEPTH) throw budget.exceeded();
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
    else if (byte === COMMA) budget.countMember();
    budget.spend(1);
    if (!isBlank(byte)) previous = byte;
  }
  return { text: text + body.toString('utf8', copied), photographs };
}

/** The remaining allowance for everything besides the photographs. */
class Budget {
  readonly #maxBytes: number;
  readonly #maxMembers: number;
  #bytes: number;
  #members: number;

  /** @param items maximum number of objects in a list */
  constructor(items: number) {
    this.#bytes = this.#maxBytes = MAX_BYTES + items * ITEM_BYTES;
    this.#members = this.#maxMembers = MAX_MEMBERS + items * ITEM_MEMBERS;
  }

  /** @throws ServiceError if nothing is left */
  spend(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw this.exceeded();
  }

  countMember(): void {
    if (--this.#members <= 0) throw this.exceeded();
  }

  exceeded(): ServiceError {
    return new ServiceError(
      'INVALID_REQUEST',
      `Besides the photographs, the body may have at most ${this.#maxBytes / 1024} kB, ${this.#maxMembers} members and ${MAX_DEPTH} levels.`,
    );
  }
}

/**
 * Finds the end of the string that starts at `from`. Escapes, which base64 hardly contains, count against the budget.
 */
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

/** @returns the bytes of a long base64 string, plain or as a data: URL; empty for anything else */
async function decodeSpan(body: Buffer, { start, end }: Span, checkpoint: () => void): Promise<Buffer> {
  const nothing = Buffer.alloc(0);
  let at = start + dataUrlPrefix(body, start, end);
  // With its exact length, the result is transferred to a worker without another copy.
  const decoder = new Base64Decoder(end - at - paddingBefore(body, end));
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

/** Number of padding characters at the end of a string. */
function paddingBefore(body: Buffer, end: number): number {
  if (body[end - 1] !== PADDING) return 0;
  return body[end - 2] === PADDING ? 2 : 1;
}

/** Number of bytes of a string that belong to a data: URL prefix. */
function dataUrlPrefix(body: Buffer, start: number, end: number): number {
  const text = body.toString('latin1', start, Math.min(end, start + MAX_DATA_URL_PREFIX));
  const length = text.indexOf(',') + 1;
  return length > 0 && isDataUrlPrefix(unescape(text.slice(0, length))) ? length : 0;
}

/** End of the next slice, never inside an escape sequence. */
function sliceEnd(body: Buffer, from: number, end: number): number {
  if (from + SLICE >= end) return end;
  const backslash = body.subarray(from + SLICE - MAX_ESCAPE, from + SLICE).indexOf(BACKSLASH);
  return backslash === -1 ? from + SLICE : from + SLICE - MAX_ESCAPE + backslash;
}

/** @throws SyntaxError if the text is not valid inside a JSON string */
const unescape = (text: string): string => JSON.parse(`"${text}"`) as string;
