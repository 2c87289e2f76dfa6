import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** How many requests one connection may have open: one is being answered, the others wait in the pipeline. */
const MAX_PIPELINED = 64;

/** How many bytes may come behind the first of the waiting ones: Node keeps small bodies whole before their turn. */
const MAX_WAITING_BYTES = 256 * 1024;

/** How often connections are closed on the way out, in milliseconds. */
const CLOSE_CHECK_MS = 20;

/** How long what has begun to arrive on the way out is waited for, in milliseconds. */
const ARRIVAL_GRACE_MS = 1_000;

/** How long a connection that is being closed is read on, in milliseconds. */
const LINGER_MS = 2_000;

/** How long an answer may lie unread, without any progress, on the way out, in milliseconds. */
const UNREAD_ON_CLOSE_MS = 2_000;

/** Node's code for a caller that has closed its side in the middle of a body: it has gone away. */
const CLOSED_IN_BODY = 'HPE_INVALID_EOF_STATE';

/** Why a connection was cut. */
export type CutReason = 'total' | 'address' | 'pipeline' | 'unread';

export interface ConnectionLimits {
  /** The most connections at a time. */
  readonly max: number;
  /** The most of them from one address; Infinity where all come from a proxy. */
  readonly maxPerAddress: number;
  /** Told of each connection that is cut. */
  readonly onCut: (reason: CutReason) => void;
  /** Told of what Node could not read, by Node's code for it. @returns the whole answer, as it goes over the wire */
  readonly onBroken: (code: string) => string;
  /** Has a request answered whose body cannot be read to its end. */
  readonly refuseRest: (request: IncomingMessage, code: string) => void;
}

/** One open connection. */
interface Connection {
  /** Requests that have no complete answer yet. */
  open: number;
  /** Bytes it had brought when its last request was answered. */
  answeredAt: number;
  /** Bytes it had brought when a request first had to wait. */
  waitingFrom: number;
  /** The response whose turn it is, or was last. */
  current?: ServerResponse;
}

/**
 * The connections of a server: bounded in number and in what each may have open, and closed without loss.
 *
 * Requests that come on one connection are handled one after the other, each when its response owns the connection. Node
 * would hand them over as they arrive; but a response in the pipeline has no socket, learns nothing of its connection's
 * end, and holds its answer until all before it are read.
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
    server.maxConnections = limits.max;
    server.on('drop', () => {
      limits.onCut('total');
    });
    server.on('connection', (socket: Socket) => {
      this.#open(socket);
    });
    server.on('timeout', (socket: Socket) => {
      // Others are idle: keep-alive connections whose time is over.
      if ((this.#connections.get(socket)?.open ?? 0) > 0) limits.onCut('unread');
      socket.destroy();
    });
    server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
      this.#broken(code, socket);
    });
    // Node hands over what is for a proxy, and would cut the connection if nobody listened.
    server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      this.#broken('CONNECT', socket);
    });
    const listener: RequestListener = (request, response) => {
      this.#wait(request, response, handle);
    };
    // Node answers some expectations by itself unless somebody listens; all requests go the same way here.
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, listener);
  }

  /**
   * Stops accepting connections and waits for the requests under way, at most for a while; then cuts the rest off.
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
    // Node calls this when the last answer of a connection is out.
    socket.destroySoon = () => {
      linger(socket);
    };
    socket.once('close', () => {
      this.#connections.delete(socket);
      const left = (this.#byAddress.get(remoteAddress) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(remoteAddress);
      else this.#byAddress.set(remoteAddress, left);
    });
    if (count > this.limits.maxPerAddress) this.#cut(socket, 'address');
  }

  #wait(request: IncomingMessage, response: ServerResponse, handle: RequestListener): void {
    const { socket } = request;
    const connection = this.#connections.get(socket);
    // What was parsed of the same packet after the connection was cut, or while it lingers.
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
    // Not before Node has finished handing the connection over.
    else
      response.once('socket', () => {
        process.nextTick(begin);
      });
  }

  /**
   * What came cannot be read as HTTP, or did not come in time. A request under way whose own body is whole gets its answer
   * first, which then ends the connection; nothing behind it can be told apart any more.
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
    // The rest of a body whose request may be answered already.
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
 * Closes a connection so that its last answer arrives. Closed with bytes that nobody has read, it would be reset, and the
 * caller might lose what it has not read yet (RFC 9112, section 9.6); so what still comes is read and thrown away for a
 * while, until the caller closes its side.
 */
function linger(socket: Socket): void {
  if (socket.writableEnded || socket.destroyed) return;
  const destroy = (): void => {
    socket.destroy();
  };
  socket.end(() => {
    if (socket.readableEnded) destroy();
  });
  // Without a parser: what comes is no request any more, and Node would keep each.
  for (const listener of socket.listeners('data')) socket.off('data', listener as () => void);
  socket.on('data', () => undefined).resume();
  const timer = setTimeout(destroy, LINGER_MS);
  socket.once('end', destroy).once('close', () => {
    clearTimeout(timer);
  });
}

/** What connections are counted by: an IPv4 address, or the network of an IPv6 one, of which a caller has as many as it likes. */
const network = (address = ''): string => (isIPv6(address) ? ipKeyGenerator(address) : address);
