import type { RequestHandler } from 'express';
import { ServiceError } from '../errors/service-error.js';

const READ = ['GET', 'HEAD'];
const SEND = ['POST'];

/** The paths that take photographs. */
export const COMPARISONS: ReadonlySet<string> = new Set(['/compare', '/mediapipe']);

/** Every path but those under /docs, and the methods it takes. */
export const ROUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['/', READ],
  ...[...COMPARISONS].map((path) => [path, SEND] as const),
  ['/health/live', READ],
  ['/health/ready', READ],
  ['/metrics', READ],
  ['/openapi.json', READ],
]);

/** Answers a request for a path that is there, but takes other methods; Nest would say that it is not there. */
export const knownMethods: RequestHandler = (request, response, next) => {
  const methods = ROUTES.get(request.path);
  if (methods === undefined || methods.includes(request.method)) {
    next();
    return;
  }
  response.setHeader('Allow', methods.join(', '));
  next(new ServiceError('METHOD_NOT_ALLOWED', `${request.path} takes ${methods.join(' or ')}.`));
};
