import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import multer from 'multer';
import { type ImageNumber, imageTooLarge, ServiceError } from '../../errors/service-error.js';
import type { RequestInput, SentPhotograph } from './request-input.js';

/** Number() also accepts blanks and hexadecimal digits. */
const DECIMAL = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/** Maximum number of fields besides the photographs. */
const MAX_FIELDS = 16;

/** Parses a form (RFC 7578). */
export type FormReader = (request: IncomingMessage, response: ServerResponse) => Promise<RequestInput>;

/**
 * Creates a parser for forms with one file per photograph.
 *
 * @param photographs the names of the files
 * @param numbers the names of numeric fields
 * @param maxImageBytes limit for one photograph
 * @returns a parser whose promises reject with a ServiceError describing what is wrong with the form
 */
export function formReader(
  photographs: readonly string[],
  numbers: readonly string[],
  maxImageBytes: number,
): FormReader {
  const files = photographs.length;
  const limits = {
    fileSize: maxImageBytes,
    files,
    fields: MAX_FIELDS,
    parts: files + MAX_FIELDS,
    fieldSize: 64,
    fieldNameSize: 64,
  };
  const parse = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' }).fields(
    photographs.map((name) => ({ name, maxCount: 1 })),
  );
  return (request, response) =>
    new Promise((resolve, reject) => {
      // Typed for Express, although multer uses only what Node's own objects have.
      parse(request as Request, response as Response, (error?: unknown) => {
        if (error === undefined) resolve(formInput(request as Request, photographs, numbers));
        else reject(formError(error, photographs, maxImageBytes));
      });
    });
}

/** What multer has added to a request; it leaves a request without a body untouched. */
function formInput(request: Request, photographs: readonly string[], numbers: readonly string[]): RequestInput {
  const files = new Map(Object.entries((request.files ?? {}) as Record<string, Express.Multer.File[]>));
  const fields = Object.entries((request.body ?? {}) as Readonly<Record<string, unknown>>);
  return {
    photographs: photographs.map((name, i) => {
      const file = files.get(name)?.at(0);
      // A part without a file name is a text field.
      const hasText = fields.some(([field]) => field === name);
      if (file !== undefined && !hasText) return received(file.buffer, (i + 1) as ImageNumber);
      return { status: 'missing', message: hasText ? `${name} must be one file` : `${name} is missing` };
    }),
    fields: Object.fromEntries(
      fields
        .filter(([name]) => !photographs.includes(name))
        // A text in a charset that cannot be decoded is undefined, which would look like a field that was left out.
        .map(([name, text]) => [name, numbers.includes(name) ? toNumber(text) : (text ?? null)]),
    ),
  };
}

function received(bytes: Buffer, image: ImageNumber): SentPhotograph {
  if (bytes.length > 0) return { status: 'received', bytes };
  return {
    status: 'unusable',
    error: new ServiceError('INVALID_REQUEST', `Image ${image} is an empty file.`, image),
  };
}

const toNumber = (text: unknown): number => (typeof text === 'string' && DECIMAL.test(text) ? Number(text) : NaN);

/** Reports multer's limits individually; any other failure means that the form cannot be parsed. */
function formError(error: unknown, photographs: readonly string[], maxImageBytes: number): ServiceError {
  const { code = '', field = '' } = error instanceof multer.MulterError ? error : {};
  switch (code) {
    case 'LIMIT_FILE_SIZE':
      return imageTooLarge((photographs.indexOf(field) + 1) as ImageNumber, maxImageBytes);
    case 'LIMIT_UNEXPECTED_FILE':
    case 'LIMIT_FILE_COUNT':
      return new ServiceError(
        'INVALID_REQUEST',
        `Send exactly one file in each of the fields ${photographs.join(' and ')}.`,
      );
    case 'LIMIT_FIELD_VALUE':
      // Without a file name, a part is a text field, and a photograph is a long text.
      if (photographs.includes(field)) {
        return new ServiceError('INVALID_REQUEST', `${field} must be a file; its part has no filename.`);
      }
      break;
  }
  return code.startsWith('LIMIT_')
    ? new ServiceError('INVALID_REQUEST', 'The form has too many fields, or a field is too long.')
    : new ServiceError('INVALID_REQUEST', 'The form cannot be parsed.');
}
