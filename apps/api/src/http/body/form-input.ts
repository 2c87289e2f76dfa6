import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import multer from 'multer';
import {
  type ImageName,
  imageError,
  IMAGES,
  imageTooLarge,
  type PhotographName,
  ServiceError,
} from '../../errors/service-error.js';
import type { PhotographRoute } from '../routes.js';
import { badLength } from './json-input.js';
import type { RequestInput, SentItem, SentPhotograph } from './request-input.js';
import { fieldFromText } from './text-field.js';

/** Maximum number of fields besides the photographs. */
const MAX_FIELDS = 16;

/** Maximum length of such a field in bytes: a list of every warning. */
const MAX_FIELD_BYTES = 256;

/** Parses a form (RFC 7578). */
export type FormReader = (request: IncomingMessage, response: ServerResponse) => Promise<RequestInput>;

/** What a form may contain. */
type FormRoute = Pick<PhotographRoute, 'photographs' | 'list' | 'options'>;

/**
 * Creates a parser for forms with one file per photograph, and any number for a list.
 *
 * @param maxImageBytes limit for one photograph
 * @returns a parser whose promises reject with a ServiceError describing what is wrong with the form
 */
export function formReader(route: FormRoute, maxImageBytes: number): FormReader {
  const { photographs, list } = route;
  const files = photographs.length + (list?.max ?? 0);
  const limits = {
    // One element of a list that is too large is its own problem; the body's limit still holds.
    fileSize: list === undefined ? maxImageBytes : Infinity,
    files,
    fields: MAX_FIELDS,
    parts: files + MAX_FIELDS,
    fieldSize: MAX_FIELD_BYTES,
    fieldNameSize: 64,
    // Multer makes a list of four thousand million elements of the name `list[4294967294]`.
    fieldArrayIndexLimit: MAX_FIELDS,
  };
  const parse = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' }).fields([
    ...photographs.map((name) => ({ name, maxCount: 1 })),
    ...(list === undefined ? [] : [{ name: list.file, maxCount: list.max }]),
  ]);
  return async (request, response) => {
    const error = await new Promise<unknown>((resolve) => {
      // Typed for Express, although multer uses only what Node's own objects have.
      parse(request as Request, response as Response, resolve);
    });
    if (error !== undefined) throw formError(error, route, maxImageBytes);
    return formInput(request as Request, route, maxImageBytes);
  };
}

/** What multer has added to a request; it leaves a request without a body untouched. */
function formInput(request: Request, route: FormRoute, maxImageBytes: number): RequestInput {
  const { photographs, list } = route;
  const files = new Map(Object.entries((request.files ?? {}) as Record<string, Express.Multer.File[]>));
  const fields = Object.entries((request.body ?? {}) as Readonly<Record<string, unknown>>);
  const hasText = (name: string): boolean => fields.some(([field]) => field === name);
  return {
    photographs: photographs.map((name) => {
      const file = files.get(name)?.at(0);
      // A part without a file name is a text field.
      if (file !== undefined && !hasText(name)) return received(file.buffer, IMAGES[name], maxImageBytes);
      const message = hasText(name) ? `${name} must be one file` : `${name} is missing`;
      return { status: 'missing', message, isSent: hasText(name) };
    }),
    items: list === undefined ? [] : readFiles(files.get(list.file) ?? [], list, maxImageBytes),
    fields: Object.fromEntries(
      fields
        .filter(([name]) => !isPhotograph(name, photographs))
        .map(([name, text]) => [name, fieldFromText(name, text, route.options)]),
    ),
  };
}

const isPhotograph = (name: string, photographs: readonly PhotographName[]): boolean =>
  photographs.some((photograph) => photograph === name);

function readFiles(
  files: readonly Express.Multer.File[],
  list: NonNullable<FormRoute['list']>,
  maxImageBytes: number,
): SentItem[] {
  if (files.length === 0) throw badLength({ ...list, field: list.file });
  return files.map(({ buffer }) => ({ photograph: received(buffer, 'candidate', maxImageBytes), fields: {} }));
}

function received(bytes: Buffer, image: ImageName, maxImageBytes: number): SentPhotograph {
  if (bytes.length > maxImageBytes) return { status: 'unusable', error: imageTooLarge(image, maxImageBytes) };
  if (bytes.length > 0) return { status: 'received', bytes };
  return { status: 'unusable', error: imageError('INVALID_REQUEST', image, 'is an empty file') };
}

/** Reports multer's limits individually; any other failure means that the form cannot be parsed. */
function formError(error: unknown, { photographs, list }: FormRoute, maxImageBytes: number): ServiceError {
  const { code = '', field = '' } = error instanceof multer.MulterError ? error : {};
  const photograph = photographs.find((name) => name === field);
  switch (code) {
    case 'LIMIT_FILE_SIZE':
      if (photograph !== undefined) return imageTooLarge(IMAGES[photograph], maxImageBytes);
      break;
    case 'LIMIT_UNEXPECTED_FILE':
    case 'LIMIT_FILE_COUNT': {
      const fields = `${photographs.length > 1 ? 'each of the fields' : 'the field'} ${photographs.join(' and ')}`;
      const others = list === undefined ? '' : `, and 1 to ${list.max} in the field ${list.file}`;
      return new ServiceError('INVALID_REQUEST', `Send exactly one file in ${fields}${others}.`);
    }
    case 'LIMIT_FIELD_VALUE':
      // Without a file name, a part is a text field, and a photograph is a long text.
      if (photograph !== undefined || field === list?.file) {
        return new ServiceError('INVALID_REQUEST', `${field} must be a file; its part has no filename.`);
      }
      break;
  }
  return code.startsWith('LIMIT_')
    ? new ServiceError('INVALID_REQUEST', 'The form has too many fields, or a field is too long.')
    : new ServiceError('INVALID_REQUEST', 'The form cannot be parsed.');
}
