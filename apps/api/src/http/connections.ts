import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** Maximum number of open requests on one connection: one in progress, the others waiting in the pipeline. */
const MAX_PIPELINED = 64;

/** Maximum number of bytes after the first waiting request: Node buffers small bodies completely before their turn. */
const MAX_WAITING_BYTES = 256 * 1024;

/** How often connections are checked for closing during shutdown, in milliseconds. */
const CLOSE_CHECK_MS = 20;

/** How long shutdown waits for a request that has begun to arrive, in milliseconds. */
const ARRIVAL_GRACE_MS = 1_000;

/** How long a closing connection is still read, in milliseconds. */
const LINGER_MS = 2_000;

/** How long a response may go unread, without any progress, during shutdown, in milliseconds. */
const UNREAD_ON_CLOSE_MS = 2_000;

/** Node's code for a client that closed its side in the middle of a body: it has disconnected. */
const CLOSED_IN_BODY = 'HPE_INVALID_EOF_STATE';

/** Why a connection was cut. */
export type CutReason = 'total' | 'address' | 'pipeline' | 'unread';

export interface ConnectionLimits {
  /** Maximum number of connections. */
  readonly max: number;
  /** Maximum number per address; Infinity if all connections come from a proxy. */
  readonly maxPerAddress: number;
  /** Called for each connection that is cut. */
  readonly onCut: (reason: CutReason) => void;
  /**
   * Called for input that Node could not parse, with Node's error code.
   *
   * @returns the complete response as sent over the wire
   */
  readonly onBroken: (code: string) => string;
  /** Rejects a request whose body cannot be read to its end. */
  readonly refuseRest: (request: IncomingMessage, code: string) => void;
}

/** One open connection. */
interface Connection {
  /** Requests without a complete response. */
  open: number;
  /** Bytes received when its last request was answered. */
  answeredAt: number;
  /** Bytes received when a request first had to wait. */
  waitingFrom: number;
  /** The response in progress, or the last one. */
  current?: ServerResponse;
}

/**
 * Manages a server's connections: limits their number and what each may have open, and closes them without losing
 * responses.
 *
 * Requests on one connection are handled one at a time, each once its response owns the connection. Node would emit
 * them as they arrive; but a pipelined response has no socket, is not notified when its connection closes, and buffers
 * its data until all responses before it have been read.
 */
export class Connections {
  readonly #connections = new Map<Socket, Connection>();
  readonly #byAddress = new Map<string, number>();

  /** @param handle called for each request in its turn */
  constructor(
    private readonly server: Server,
    private readonly limits: ConnectionLimits,
    handle: RequestListener,
  ) {
    server.on('connection', (socket: Socket) => {
      this.#open(socket);
    });
    server.on('timeout', (socket: Socket) => {
      // Otherwise it is idle: a keep-alive connection that timed out.
      if ((this.#connections.get(socket)?.open ?? 0) > 0) limits.onCut('unread');
      socket.destroy();
    });
    server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
      this.#broken(code, socket);
    });
    // Node emits CONNECT separately, and would cut the connection without a listener.
    server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      this.#broken('CONNECT', socket);
    });
    const listener: RequestListener = (request, response) => {
      this.#wait(request, response, handle);
    };
    // Node answers some expectations itself unless there is a listener; here, all requests take the same path.
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, listener);
  }

  /**
   * Stops accepting connections and waits for requests in progress, up to a timeout; then cuts the remaining
   * connections.
   *
   * @returns whether all of them were answered
   */
  async close(timeoutMs: number): Promise<boolean> {
    const started = performance.now();
    let finished = true;
    const check = setInterval(() => {
      const elapsed = performance.now() - started;
      for (const [socket, { open, answeredAt, current }] of this.#connections) {
        if (current?.headersSent === true && socket.timeout !== UNREAD_ON_CLOSE_MS) {
          socket.setTimeout(UNREAD_ON_CLOSE_MS);
        }
        const isArriving = socket.bytesRead > answeredAt && elapsed < ARRIVAL_GRACE_MS;
        if (open > 0 ? elapsed < timeoutMs : isArriving) continue;
        if (open > 0) finished = false;
        socket.destroy();
      }
    }, CLOSE_CHECK_MS);
    await new Promise<unknown>((resolve) => this.server.close(resolve));
    clearInterval(check);
    return finished;
  }

  #open(socket: Socket): void {
    const remoteAddress = network(socket.remoteAddress);
    const count = (this.#byAddress.get(remoteAddress) ?? 0) + 1;
    this.#byAddress.set(remoteAddress, count);
    this.#connections.set(socket, { open: 0, answeredAt: 0, waitingFrom: 0 });
    // Node calls this once the last response of a connection has been written.
    socket.destroySoon = () => {
      linger(socket);
    };
    socket.once('close', () => {
      this.#connections.delete(socket);
      const left = (this.#byAddress.get(remoteAddress) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(remoteAddress);
      else this.#byAddress.set(remoteAddress, left);
    });
    // Counted here: Node's own limit would have the primary of several processes hand the connection round for ever.
    if (this.#connections.size > this.limits.max) this.#cut(socket, 'total');
    else if (count > this.limits.maxPerAddress) this.#cut(socket, 'address');
  }

  #wait(request: IncomingMessage, response: ServerResponse, handle: RequestListener): void {
    const { socket } = request;
    const connection = this.#connections.get(socket);
    // Parsed from the same packet after the connection was cut, or while it lingers.
    if (connection === undefined || !socket.writable) return;
    connection.open++;
    if (connection.open === 2) connection.waitingFrom = socket.bytesRead;
    const waiting = connection.open > 1 ? socket.bytesRead - connection.waitingFrom : 0;
    response.once('close', () => {
      connection.open--;
      connection.answeredAt = socket.bytesRead;
    });
    const begin = (): void => {
      if (socket.destroyed) return;
      connection.current = response;
      handle(request, response);
    };
    if (connection.open > MAX_PIPELINED || waiting > MAX_WAITING_BYTES) this.#cut(socket, 'pipeline');
    else if (response.socket !== null) begin();
    // Not before Node has finished setting the connection up.
    else
      response.once('socket', () => {
        process.nextTick(begin);
      });
  }

  /**
   * Handles input that is not valid HTTP or did not arrive in time. A request in progress whose own body is complete
   * gets its response first, which then closes the connection; anything after it can no longer be parsed.
   */
  #broken(code: string, socket: Socket): void {
    const { open = 0, current } = this.#connections.get(socket) ?? {};
    if (open > 0 && current?.req.complete === true && !current.writableEnded) {
      if (!current.headersSent) current.setHeader('Connection', 'close');
      current.once('close', () => {
        socket.destroySoon();
      });
      return;
    }
    // The rest of a body whose request may already have been answered.
    const isRest = current?.req.complete === false;
    if (isRest && code === CLOSED_IN_BODY) socket.destroy();
    else if (isRest && open > 0 && !current.headersSent) this.limits.refuseRest(current.req, code);
    else {
      const isWritable = socket.writable && code !== 'ECONNRESET';
      if (isWritable && !isRest && (open === 0 || current?.headersSent === false)) {
        socket.write(this.limits.onBroken(code));
      }
      socket.destroySoon();
    }
  }

  #cut(socket: Socket, reason: CutReason): void {
    this.limits.onCut(reason);
    socket.destroy();
  }
}

/**
 * Closes a connection so that its last response arrives. If it were closed with unread bytes, it would be reset and the
 * client might lose data it has not read yet (RFC 9112, section 9.6); so incoming data is read and discarded for a
 * while, until the client closes its side.
 */
function linger(socket: Socket): void {
  if (socket.writableEnded || socket.destroyed) return;
  const destroy = (): void => {
    socket.destroy();
  };
  socket.end(() => {
    if (socket.readableEnded) destroy();
  });
  // Detach the parser: no further requests are expected, and Node would buffer each.
  for (const listener of socket.listeners('data')) socket.off('data', listener as () => void);
  socket.on('data', () => undefined).resume();
  const timer = setTimeout(destroy, LINGER_MS);
  socket.once('end', destroy).once('close', () => {
    clearTimeout(timer);
  });
}

/**
 * The key for counting connections: an IPv4 address, or an IPv6 network, because one client can use any number of
 * addresses in it.
 */
const network = (address = ''): string => (isIPv6(address) ? ipKeyGenerator(address) : address);
