import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { InferenceError } from '#inference';
import type { ErrorCode } from '../errors/error-table.js';
import { type ErrorFormat, toProblem } from '../errors/problem.js';
import { ServiceError } from '../errors/service-error.js';
import { toServiceError } from '../errors/to-service-error.js';

/** Options of a request's lifetime. */
export interface LifeOptions {
  /** Milliseconds from its start to its response. */
  readonly timeoutMs: number;
  /** Called once when the request has ended, however it ended. */
  readonly onEnd: (life: RequestLife) => void;
  /** Called with errors that the client must not see. */
  readonly onInternalError: (life: RequestLife, thrown: unknown) => void;
}

/** Created once: every request ends with it, answered or not. */
const GONE = new InferenceError('CANCELLED', 'the caller has gone away');

/** Ids that are longer or contain other characters are not repeated in logs and responses. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

const SOUND_TARGET = /^\/[^#\s]*$/;

/** How long a response may go unread, without any progress, before its connection is cut, in milliseconds. */
export const UNREAD_TIMEOUT_MS = 10_000;

/** How often a client that has closed its side is probed, in milliseconds. */
const PROBE_MS = 500;

/** Never sent: means that the client had disconnected (nginx logs the same). */
const CLIENT_CLOSED_REQUEST = 499;

const lives = new WeakMap<IncomingMessage, RequestLife>();

/** The RequestLife of a request in progress. */
export function lifeOf(request: IncomingMessage): RequestLife {
  const life = lives.get(request);
  if (life === undefined) throw new Error('expected a request that has come in by the way in');
  return life;
}

/** Injects the RequestLife of the current request into a controller's method. */
export const Life = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  lifeOf(context.switchToHttp().getRequest<IncomingMessage>()),
);

/**
 * One request, from its turn on its connection to its end: its id, deadline, resources, response and outcome. It ends
 * exactly once: answered, rejected, timed out or disconnected.
 *
 * It starts when its response owns the connection (connections.ts), so that from then on the response's events are
 * reliable: `prefinish` when the response has been handed over, `close` when it has been sent or never will be.
 */
export class RequestLife {
  /** From the X-Request-Id header, or generated. */
  readonly id: string;
  /** The path as sent, without the query. */
  readonly path: string;
  /** The query string as sent, without its question mark. */
  readonly query: string;
  /**
   * Whether the target consists of a path and a query only. Express parses others differently (its parser falls back to
   * an older one) and would route to another path than the one that was checked.
   */
  readonly hasSoundTarget: boolean;
  /** By `performance.now()`, in milliseconds. */
  readonly arrivedAt = performance.now();
  /** The error code of its response, if any. */
  code?: ErrorCode;
  /** Milliseconds each stage took, for the log. */
  stages?: Readonly<Record<string, number>>;
  /** The hash of its API key, if any. */
  caller?: string;
  /** How an error is written. */
  errorFormat: ErrorFormat = toProblem;

  /** Created on first use: a rejected request needs none. */
  #abort?: AbortController;
  #givenUp?: InferenceError;
  readonly #deadline: NodeJS.Timeout;
  #probe?: NodeJS.Timeout;
  #onAnswered: (() => void)[] = [];
  #isHandedOver = false;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    private readonly options: LifeOptions,
  ) {
    lives.set(request, this);
    this.id = requestId(request);
    request.url = originForm(request.url ?? '');
    this.path = request.url.split('?', 1)[0];
    this.query = request.url.slice(this.path.length + 1);
    this.hasSoundTarget = SOUND_TARGET.test(request.url);
    const { socket } = request;
    // Clears the timeout set by an earlier request on this connection.
    socket.setTimeout(0);
    response.setHeader('X-Request-Id', this.id);
    response.once('prefinish', () => {
      this.#handedOver();
      socket.setTimeout(UNREAD_TIMEOUT_MS);
    });
    response.once('close', () => {
      this.#end();
    });
    this.#deadline = setTimeout(() => {
      this.#late();
    }, options.timeoutMs);
    socket.on('end', this.#halfClosed);
    if (socket.readableEnded) this.#halfClosed();
  }

  /** Aborts at the deadline or when the client disconnects; its reason is an InferenceError. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#givenUp !== undefined) this.#abort.abort(this.#givenUp);
    return this.#abort.signal;
  }

  /** Whether it has a response, or never will. */
  isAnswered(): boolean {
    return this.response.headersSent || this.response.destroyed;
  }

  /** The status sent, or 499 if the client had disconnected. Valid once the request has ended. */
  get finalStatus(): number {
    return this.response.writableFinished ? this.response.statusCode : CLIENT_CLOSED_REQUEST;
  }

  /**
   * Calls a listener once: when the response has been handed over or the request ends, or immediately if that has
   * already happened.
   */
  onAnswered(listener: () => void): void {
    if (this.#isHandedOver) listener();
    else this.#onAnswered.push(listener);
  }

  /** Tells a client that waits for it (`Expect: 100-continue`) to send the body. */
  askForBody(): void {
    const { request, response } = this;
    // HTTP/1.0 clients do not know interim responses (RFC 9110, section 10.1.1).
    if (request.httpVersion !== '1.0' && request.headers.expect !== undefined) response.writeContinue();
  }

  /**
   * Sends an error: a problem document, unless its path has another format. Nothing else does. Does nothing if there
   * already is a response, or the client has disconnected.
   *
   * @param thrown a ServiceError, an InferenceError, or anything else, of which the client learns only the request id
   */
  refuse(thrown: unknown): void {
    const { request, response } = this;
    if (this.isAnswered()) return;
    const error = this.toError(thrown);
    this.code = error.code;
    // What was said of the file that the request was for does not hold for its error: caches would keep that for a year.
    for (const name of ['Cache-Control', 'ETag', 'Last-Modified']) response.removeHeader(name);
    const { status, headers, body } = this.errorFormat(error, this.id);
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
    // Discards the rest of the body, so that the connection can be reused; Node does this if reading never began.
    if (request.readableFlowing !== null) request.unpipe().resume();
  }

  /** Rejects a request whose body is still arriving, and stops reading it. */
  refuseRest(error: ServiceError): void {
    if (!this.isAnswered()) this.response.setHeader('Connection', 'close');
    this.refuse(error);
  }

  /** Translates anything thrown into an error for the client. What the client must not see is logged. */
  toError(thrown: unknown): ServiceError {
    const error = toServiceError(thrown);
    if (error !== undefined) return error;
    this.options.onInternalError(this, thrown);
    return new ServiceError('INTERNAL', `Something went wrong on our side. Request id: ${this.id}.`);
  }

  #late(): void {
    const { request, response, options } = this;
    const late = new InferenceError('DEADLINE_EXCEEDED', `no answer within ${options.timeoutMs} ms`);
    this.#giveUp(late);
    if (!request.complete) {
      this.refuseRest(new ServiceError('REQUEST_TIMEOUT', 'The body did not arrive in time.'));
    } else if (response.headersSent) {
      // From here on, only the client's reading matters.
      request.socket.setTimeout(UNREAD_TIMEOUT_MS);
    } else this.refuse(late);
  }

  /**
   * The client has closed its side. It may be waiting for the response or be gone; TCP cannot tell until something is
   * sent. So an interim response, which clients must ignore (RFC 9110, section 15.2), is sent at intervals.
   */
  readonly #halfClosed = (): void => {
    const { request, response } = this;
    if (request.httpVersion === '1.0') return;
    this.#probe ??= setInterval(() => {
      if (!this.isAnswered()) response.writeContinue();
    }, PROBE_MS);
  };

  #giveUp(reason: InferenceError): void {
    this.#givenUp ??= reason;
    this.#abort?.abort(reason);
  }

  #handedOver(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#probe);
    if (this.#isHandedOver) return;
    this.#isHandedOver = true;
    for (const listener of this.#onAnswered) listener();
  }

  #end(): void {
    this.#handedOver();
    this.request.socket.off('end', this.#halfClosed);
    this.#giveUp(GONE);
    this.options.onEnd(this);
  }
}

/** The id that the client sent, or a new one. */
function requestId({ headers }: IncomingMessage): string {
  // Node joins repeated headers with a comma, which is not acceptable.
  const given = headers['x-request-id'] as string | undefined;
  return given !== undefined && ACCEPTABLE_ID.test(given) ? given : randomUUID();
}

/** The request target without scheme and authority, which only proxies are sent (RFC 9112, section 3.2.2). */
const originForm = (target: string): string => target.replace(/^https?:\/\/[^/?#\s]+(?=\/)/i, '');
