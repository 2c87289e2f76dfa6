import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import multer from 'multer';
import { imageTooLarge, ServiceError } from '../../errors/service-error.js';

/** A multipart body: the files' bytes, everything else as text. */
export class MultipartForm {
  constructor(readonly fields: Readonly<Record<string, unknown>>) {}
}

const FILES = ['image1', 'image2'];
const NUMBERS = ['threshold', 'min_confidence'];

/** Number() reads blanks and hexadecimal digits, too. */
const DECIMAL = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/** Reads the fields of a form. */
export type FormReader = (request: IncomingMessage, response: ServerResponse) => Promise<MultipartForm>;

/**
 * Makes a reader for forms with the files image1 and image2 (RFC 7578).
 *
 * @param maxImageBytes what one photograph may have
 * @returns a reader whose promises reject with a ServiceError that says what is wrong with the form
 */
export function formReader(maxImageBytes: number): FormReader {
  const limits = { fileSize: maxImageBytes, files: 2, fields: 3, parts: 5, fieldSize: 64, fieldNameSize: 64 };
  const parse = multer({ storage: multer.memoryStorage(), limits }).fields(
    FILES.map((name) => ({ name, maxCount: 1 })),
  );
  return (request, response) =>
    new Promise((resolve, reject) => {
      // Express' types, of which multer uses nothing but what Node's have.
      parse(request as Request, response as Response, (error?: unknown) => {
        if (error === undefined) resolve(collect(request as Request));
        else reject(formError(error, maxImageBytes));
      });
    });
}

function collect(request: Request): MultipartForm {
  // Multer leaves a request without a body as it is.
  const files = Object.entries((request.files ?? {}) as Record<string, Express.Multer.File[]>);
  const bytes = Object.fromEntries(files.map(([name, [file]]) => [name, file.buffer]));
  const fields = request.body as Readonly<Record<string, unknown>> | undefined;
  // Spreading defines properties where assigning would set them, which matters for one named __proto__.
  return new MultipartForm({ ...fields, ...bytes, ...numbers(fields) });
}

/** A form has text where JSON has numbers. */
function numbers(fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, number>> {
  return Object.fromEntries(
    NUMBERS.flatMap((name): [string, number][] => {
      const text = fields[name];
      if (text === undefined) return [];
      return [[name, typeof text === 'string' && DECIMAL.test(text) ? Number(text) : NaN]];
    }),
  );
}

/** What breaks multer's limits is told apart; anything else that goes wrong is a form that cannot be parsed. */
function formError(error: unknown, maxImageBytes: number): ServiceError {
  const { code = '', field = '' } = error instanceof multer.MulterError ? error : {};
  switch (code) {
    case 'LIMIT_FILE_SIZE':
      return imageTooLarge(field === 'image1' ? 1 : 2, maxImageBytes);
    case 'LIMIT_UNEXPECTED_FILE':
    case 'LIMIT_FILE_COUNT':
      return new ServiceError('INVALID_REQUEST', 'Send exactly one file in each of the fields image1 and image2.');
    case 'LIMIT_FIELD_VALUE':
      // Without a file name a part is a text field, and a photograph is a long text.
      if (FILES.includes(field)) {
        return new ServiceError('INVALID_REQUEST', `${field} must be a file; its part has no filename.`);
      }
      break;
  }
  return code.startsWith('LIMIT_')
    ? new ServiceError('INVALID_REQUEST', 'The form has too many fields, or too long ones.')
    : new ServiceError('INVALID_REQUEST', 'The form cannot be parsed.');
}
