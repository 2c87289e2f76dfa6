import type { Type } from '@nestjs/common';
import { fieldsOfKind } from './field-kinds.js';

/** Number() also accepts blanks and hexadecimal digits. */
const DECIMAL = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/**
 * Converts a field's text, or texts if it is repeated, to what the field holds. Forms and query strings carry only text.
 *
 * @param options the class that describes the fields
 */
export function fieldFromText(name: string, text: unknown, options: Type<object>): unknown {
  const prototype = options.prototype as object;
  if (fieldsOfKind('number', prototype).includes(name)) return toNumber(text);
  if (fieldsOfKind('boolean', prototype).includes(name)) return toBoolean(text);
  if (fieldsOfKind('list', prototype).includes(name)) return toList(text);
  // A text in a charset that cannot be decoded is undefined, which would look like a field that was left out.
  return text ?? null;
}

const toNumber = (text: unknown): number => (typeof text === 'string' && DECIMAL.test(text) ? Number(text) : NaN);

/** Languages write it in different cases. Anything else stays text, which is not valid. */
function toBoolean(text: unknown): unknown {
  const word = typeof text === 'string' ? text.trim().toLowerCase() : '';
  return word === 'true' || word === 'false' ? word === 'true' : (text ?? null);
}

const toList = (text: unknown): unknown =>
  [text].flat().flatMap((part) => (typeof part === 'string' ? part.split(',').map((word) => word.trim()) : [null]));
