import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RawCaller } from '../../../../test/support/raw-caller.js';
import { Connections } from './connections.js';
import { httpServer } from './http-server.js';
import { RequestLife } from './request-life.js';

/** A real server in this process, on a free port, that creates a RequestLife for each request. */
export class LifeServer {
  /** Requests that have ended. */
  readonly ended: RequestLife[] = [];
  /** Internal errors that were thrown. */
  readonly internal: unknown[] = [];
  readonly #server = httpServer(10_000);
  readonly #connections: Connections;
  readonly #callers: RawCaller[] = [];

  private constructor(handle: (life: RequestLife) => void, timeoutMs: number) {
    const limits = {
      max: 10,
      maxPerAddress: 10,
      onCut: () => undefined,
      onBroken: () => '',
      refuseRest: () => undefined,
    };
    this.#connections = new Connections(this.#server, limits, (request, response) => {
      const life = new RequestLife(request, response, {
        timeoutMs,
        onEnd: (ended) => this.ended.push(ended),
        onInternalError: (_, thrown) => this.internal.push(thrown),
      });
      handle(life);
    });
  }

  /**
   * @param handle called for each request in its turn
   * @param timeoutMs the deadline of a request, in milliseconds
   */
  static async start(handle: (life: RequestLife) => void, timeoutMs = 10_000): Promise<LifeServer> {
    const started = new LifeServer(handle, timeoutMs);
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Opens a raw connection. */
  async connect(): Promise<RawCaller> {
    const caller = await RawCaller.connect(this.url);
    this.#callers.push(caller);
    return caller;
  }

  /** Closes the server and cuts open connections. */
  async close(): Promise<void> {
    for (const caller of this.#callers) caller.leave();
    await this.#connections.close(0);
  }
}
