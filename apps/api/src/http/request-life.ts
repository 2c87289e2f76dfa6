import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { InferenceError } from '#inference';
import type { ErrorCode } from '../errors/error-table.js';
import { toProblem } from '../errors/problem.js';
import { ServiceError } from '../errors/service-error.js';
import { toServiceError } from '../errors/to-service-error.js';

/** What a life is given when it begins. */
export interface LifeOptions {
  /** Milliseconds from its beginning to its answer. */
  readonly timeoutMs: number;
  /** Told once, when the request has ended, whichever way. */
  readonly onEnd: (life: RequestLife) => void;
  /** Told of what was thrown and is not for the caller to know. */
  readonly onInternalError: (life: RequestLife, thrown: unknown) => void;
}

/** Made once: it is the end of every request, answered or not. */
const GONE = new InferenceError('CANCELLED', 'the caller has gone away');

/** Longer or stranger ids than these are not repeated into logs and answers. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

const SOUND_TARGET = /^\/[^#\s]*$/;

/** How long an answer may lie unread without any progress before its connection is cut, in milliseconds. */
export const UNREAD_TIMEOUT_MS = 10_000;

/** How often a caller that has closed its side is asked whether it is still there, in milliseconds. */
const PROBE_MS = 500;

/** Not a status that was sent: the caller had gone away (as nginx logs it). */
const CLIENT_CLOSED_REQUEST = 499;

const lives = new WeakMap<IncomingMessage, RequestLife>();

/** The life of a request that is being handled. */
export function lifeOf(request: IncomingMessage): RequestLife {
  const life = lives.get(request);
  if (life === undefined) throw new Error('expected a request that has come in by the way in');
  return life;
}

/** Hands a controller the life of the request that it handles. */
export const Life = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  lifeOf(context.switchToHttp().getRequest<IncomingMessage>()),
);

/**
 * One request from its turn on its connection to its end: its id, its deadline, what it holds, its answer and what is told
 * of it afterwards. It ends exactly once: answered, refused, too late, or because its caller has gone.
 *
 * It begins when its response owns the connection (connections.ts), so that from then on the response tells reliably how
 * the request ends: `prefinish` when the answer is handed over, `close` when it is sent or never will be.
 */
export class RequestLife {
  /** From the X-Request-Id header, or made up. */
  readonly id: string;
  /** The path as sent, without the query. */
  readonly path: string;
  /** Whether there is anything in the query. */
  readonly hasQuery: boolean;
  /**
   * Whether the target is a path and a query and nothing else. Express takes others apart in its own way (its parser falls
   * back to an older one), and would come to another path than the one that was let in.
   */
  readonly hasSoundTarget: boolean;
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly arrivedAt = performance.now();
  /** The error it was answered with, if any. */
  code?: ErrorCode;
  /** Milliseconds each stage took, for the log. */
  stages?: Readonly<Record<string, number>>;
  /** The hash of the API key it came with, if any. */
  caller?: string;

  /** Made when somebody asks for it: a refusal needs none. */
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
    this.hasQuery = request.url.length > this.path.length + 1;
    this.hasSoundTarget = SOUND_TARGET.test(request.url);
    const { socket } = request;
    // What an earlier request on this connection has left behind.
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

  /** Aborts when the deadline has passed or the caller has gone away; its reason is an InferenceError. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#givenUp !== undefined) this.#abort.abort(this.#givenUp);
    return this.#abort.signal;
  }

  /** Whether there is an answer, or never will be one. */
  isAnswered(): boolean {
    return this.response.headersSent || this.response.destroyed;
  }

  /** The status that was sent, or 499 where the caller had gone away. Known at the end. */
  get finalStatus(): number {
    return this.response.writableFinished ? this.response.statusCode : CLIENT_CLOSED_REQUEST;
  }

  /** Has something done once: as soon as the answer is handed over, or else when the request ends; at once after that. */
  onAnswered(listener: () => void): void {
    if (this.#isHandedOver) listener();
    else this.#onAnswered.push(listener);
  }

  /** Tells a caller that waits for it (`Expect: 100-continue`) to send the body. */
  askForBody(): void {
    const { request, response } = this;
    // A caller of HTTP/1.0 does not know what that is (RFC 9110, section 10.1.1).
    if (request.httpVersion !== '1.0' && request.headers.expect !== undefined) response.writeContinue();
  }

  /**
   * Answers with a problem document. This is the only place that writes one. Does nothing where there is an answer
   * already, or nobody to read it.
   *
   * @param thrown a ServiceError, an InferenceError, or anything else, of which the caller is told nothing but the id
   */
  refuse(thrown: unknown): void {
    const { request, response } = this;
    if (this.isAnswered()) return;
    const error = toServiceError(thrown) ?? this.#internal(thrown);
    this.code = error.code;
    const { status, headers, body } = toProblem(error, this.id);
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
    // What still arrives of a body is thrown away, so that the connection can go on; Node does so where reading never began.
    if (request.readableFlowing !== null) request.unpipe().resume();
  }

  /** Refuses a request whose body is still arriving, and takes no more of it. */
  refuseRest(error: ServiceError): void {
    if (!this.isAnswered()) this.response.setHeader('Connection', 'close');
    this.refuse(error);
  }

  #internal(thrown: unknown): ServiceError {
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
      // It is being read, or not: that decides.
      request.socket.setTimeout(UNREAD_TIMEOUT_MS);
    } else this.refuse(late);
  }

  /**
   * The caller has closed its side. It may wait for the answer, or be gone: TCP tells the two apart only when something is
   * sent, so from time to time an interim answer is, which a caller has to ignore (RFC 9110, section 15.2).
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

/** The id that a caller has given to a request, or a new one. */
function requestId({ headers }: IncomingMessage): string {
  // Of several, Node makes one, in which the comma is not acceptable.
  const given = headers['x-request-id'] as string | undefined;
  return given !== undefined && ACCEPTABLE_ID.test(given) ? given : randomUUID();
}

/** A request's target without what proxies are sent before the path: scheme and authority (RFC 9112, section 3.2.2). */
const originForm = (target: string): string => target.replace(/^https?:\/\/[^/?#\s]+(?=\/)/i, '');
