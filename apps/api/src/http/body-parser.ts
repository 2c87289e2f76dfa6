import { raw, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import multer from 'multer';
import { imageTooLarge, ServiceError } from '../errors/service-error.js';
import { parseJsonBody } from './json-body.js';

/** A multipart body: the files' bytes, everything else as text. */
export class MultipartForm {
  constructor(readonly fields: Readonly<Record<string, unknown>>) {}
}

/** Base64 takes four bytes for three; the rest of a JSON body is field names and a number. */
const BASE64_GROWTH = 4 / 3;
const SLACK_BYTES = 64 * 1024;

/**
 * Reads the body of a comparison: JSON, or a form with the files image1 and image2.
 *
 * @param maxImageBytes what one photograph may have; what is larger in all is refused while it arrives
 */
export function comparisonBody(maxImageBytes: number): RequestHandler {
  const readJson = raw({
    limit: Math.ceil(2 * maxImageBytes * BASE64_GROWTH) + SLACK_BYTES,
    inflate: false,
    type: () => true,
  });
  const limits = { fileSize: maxImageBytes, files: 2, fields: 1, parts: 3, fieldSize: 64, fieldNameSize: 64 };
  const parseForm = multer({ storage: multer.memoryStorage(), limits }).fields([
    { name: 'image1', maxCount: 1 },
    { name: 'image2', maxCount: 1 },
  ]);
  return (request: Request, response: Response, next: NextFunction) => {
    if (request.is('application/json')) {
      if (!isUtf8(request)) throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'The body must be in UTF-8.');
      askForBody(request, response);
      readJson(request, response, (error?: unknown) => {
        if (error === undefined) void parseJson(request).then(next);
        else next(error);
      });
    } else if (request.is('multipart/form-data')) {
      askForBody(request, response);
      parseForm(request, response, (error?: unknown) => {
        if (error !== undefined) {
          next(formError(error, maxImageBytes));
          return;
        }
        collectForm(request);
        next();
      });
    } else {
      next(new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json or multipart/form-data.'));
    }
  };
}

/** Only now does a caller who has asked first send anything (http-server.ts). */
function askForBody(request: Request, response: Response): void {
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
}

/** JSON is in UTF-8 (RFC 8259), but a sender may say that it is not. */
function isUtf8(request: Request): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** @returns what is wrong with the body, if anything */
async function parseJson(request: Request): Promise<ServiceError | undefined> {
  try {
    // A request without a body has none to parse.
    if (request.body instanceof Buffer) request.body = await parseJsonBody(request.body);
    return undefined;
  } catch {
    return new ServiceError('INVALID_REQUEST', 'The body is not valid JSON.');
  }
}

function collectForm(request: Request): void {
  // Multer leaves a request without a body as it is.
  const files = Object.entries((request.files ?? {}) as Record<string, Express.Multer.File[]>);
  const bytes = Object.fromEntries(files.map(([name, [file]]) => [name, file.buffer]));
  const fields = request.body as Readonly<Record<string, unknown>> | undefined;
  // Spreading defines properties where assigning would set them, which matters for one named __proto__.
  request.body = new MultipartForm({ ...fields, ...bytes, ...threshold(fields) });
}

/** A form has text where JSON has a number. */
function threshold({ threshold: text }: Readonly<Record<string, unknown>> = {}): { readonly threshold?: number } {
  if (text === undefined) return {};
  return { threshold: typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN };
}

/** What breaks multer's limits is told apart; whatever else goes wrong is a form that cannot be parsed. */
function formError(error: unknown, maxImageBytes: number): unknown {
  if (!(error instanceof multer.MulterError) || !error.code.startsWith('LIMIT_')) {
    return new ServiceError('INVALID_REQUEST', 'The form cannot be parsed.');
  }
  if (error.code !== 'LIMIT_FILE_SIZE') return error;
  return imageTooLarge(error.field === 'image1' ? 1 : 2, maxImageBytes);
}
