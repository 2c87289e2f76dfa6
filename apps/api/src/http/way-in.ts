import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import cors from 'cors';
import { ServiceError } from '../errors/service-error.js';
import { type KeyRing, needsKey, signInScheme } from '../security/api-keys.js';
import type { RateLimit } from '../security/rate-limit.js';
import { Admission } from './admission.js';
import { BodyReader } from './body/body-reader.js';
import { withQuery } from './body/query-input.js';
import { callerAddress } from './caller-address.js';
import { Draining } from './draining.js';
import type { RequestLife } from './request-life.js';
import { slotsOf, RouteTable, takesPhotographs } from './routes.js';

/** Options that depend on the settings. */
export interface WayInOptions {
  /** Headers of every response. */
  readonly headers: Readonly<Record<string, string>>;
  readonly corsOrigins: readonly string[];
  readonly keys: KeyRing;
  readonly rateLimit: RateLimit;
  /** Number of proxies in front whose X-Forwarded-For is trusted. */
  readonly trustedProxies: number;
  /** Handles admitted requests: Express with Nest's controllers. Calls `next` for those it cannot handle. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;
}

/**
 * The checks that every request passes, in this order, before a controller sees it. Each step passes it on or throws;
 * {@link RequestLife.refuse} responds to everything thrown. docs/architecture.md has a diagram.
 */
@Injectable()
export class WayIn {
  constructor(
    private readonly draining: Draining,
    private readonly routes: RouteTable,
    private readonly admission: Admission,
    private readonly bodies: BodyReader,
  ) {}

  /** Creates the request handler. It never rejects. */
  open({ headers, corsOrigins, keys, rateLimit, trustedProxies, handle }: WayInOptions) {
    const allowOrigins = corsOrigins.length > 0 ? crossOrigin(corsOrigins) : () => undefined;
    return async (life: RequestLife): Promise<void> => {
      const { request, response } = life;
      try {
        life.errorFormat = this.routes.errorFormat(life.path) ?? life.errorFormat;
        if (!life.hasSoundTarget) throw new ServiceError('INVALID_REQUEST', 'The request’s target must be a path.');
        if (this.draining.started) response.setHeader('Connection', 'close');
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        allowOrigins(life);
        if (life.isAnswered()) return;
        checkHost(life);
        checkExpectation(life);
        authenticate(life, keys);
        const route = this.routes.find(life);
        if (takesPhotographs(route)) {
          const takesQuery = route.foreign?.takesQuery === true;
          if (life.query !== '' && !takesQuery)
            throw new ServiceError('INVALID_REQUEST', 'Send every field in the body, none in the query string.');
          this.admission.check(slotsOf(route), life);
          await rateLimit(request, response, life.caller ?? callerAddress(request, trustedProxies));
          const read = await this.bodies.read(life, route);
          const body = takesQuery ? withQuery(read, life, route) : read;
          // The deadline may have passed meanwhile, or the client may have disconnected.
          if (life.isAnswered()) return;
          this.admission.take(slotsOf(route, body), life);
          Object.assign(request, { body });
        }
        handle(request, response, (error) => {
          life.refuse(error ?? new Error('nobody has handled the request'));
        });
      } catch (error) {
        life.refuse(error);
      }
    };
  }
}

/** Response headers that scripts of other origins may read, besides those that are always allowed. */
const EXPOSED_HEADERS = ['X-Request-Id', 'Server-Timing', 'Retry-After', 'RateLimit', 'RateLimit-Policy'];

/** Answers preflights, and lets pages of these origins (`*`: of all) read responses. */
function crossOrigin(origins: readonly string[]): (life: RequestLife) => void {
  const handle = cors({ origin: origins.includes('*') ? '*' : [...origins], exposedHeaders: EXPOSED_HEADERS });
  return ({ request, response }) => {
    handle(request, response, () => undefined);
  };
}

/**
 * @throws ServiceError INVALID_REQUEST for HTTP/1.1 without a Host header, or any version with two (RFC 9112, section
 * 3.2)
 */
function checkHost({ request }: RequestLife): void {
  const { httpVersion, rawHeaders } = request;
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) {
    throw new ServiceError('INVALID_REQUEST', 'A request needs one Host header.');
  }
}

/** @throws ServiceError EXPECTATION_FAILED for anything but 100-continue (RFC 9110, section 10.1.1) */
function checkExpectation({ request }: RequestLife): void {
  const { expect } = request.headers;
  if (expect === undefined || request.httpVersion === '1.0') return;
  if (expect.split(',').some((expectation) => !/^(?:|100-continue)$/i.test(expectation.trim()))) {
    throw new ServiceError('EXPECTATION_FAILED', 'The only supported expectation is 100-continue.');
  }
}

/** @throws ServiceError UNAUTHORIZED if a key is required and none is valid */
function authenticate(life: RequestLife, keys: KeyRing): void {
  const { path } = life;
  if (keys.isEmpty || !needsKey(path)) return;
  const caller = keys.authenticate(life.request);
  if (caller === undefined) {
    life.response.setHeader('WWW-Authenticate', signInScheme(path));
    throw new ServiceError('UNAUTHORIZED', 'A valid API key is required.');
  }
  life.caller = caller;
}
