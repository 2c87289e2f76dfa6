import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How often the proxy checks each service's readiness, in milliseconds. */
const CHECK_MS = 50;

/** A minimal load balancer: passes each request to the next service that last reported ready, without retries. */
export class Proxy {
  readonly #ready = new Set<string>();
  readonly #targets = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #next = 0;

  private constructor(private readonly server: Server) {
    this.#timer = setInterval(() => void this.check(), CHECK_MS);
  }

  static async start(): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server);
    server.on('request', (incoming, outgoing) => {
      const target = proxy.#pick();
      if (target === undefined) {
        outgoing.writeHead(502).end();
        return;
      }
      const passed = request(
        target + (incoming.url ?? '/'),
        { method: incoming.method, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      passed.on('error', () => outgoing.headersSent || outgoing.writeHead(502).end());
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  add(target: string): void {
    this.#targets.add(target);
  }

  remove(target: string): void {
    this.#targets.delete(target);
    this.#ready.delete(target);
  }

  /** Checks the readiness of every service. */
  async check(): Promise<void> {
    await Promise.all(
      [...this.#targets].map(async (target) => {
        const ready = await fetch(`${target}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        );
        if (ready && this.#targets.has(target)) this.#ready.add(target);
        else this.#ready.delete(target);
      }),
    );
  }

  stop(): void {
    clearInterval(this.#timer);
    this.server.close();
    this.server.closeAllConnections();
  }

  #pick(): string | undefined {
    const ready = [...this.#ready];
    return ready[this.#next++ % ready.length];
  }
}
