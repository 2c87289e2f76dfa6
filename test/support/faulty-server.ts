import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request: it is passed on, or gets a fault. */
export type Fault = (response: ServerResponse, incoming: IncomingMessage) => void;

/** Stands between a client and a service, and does to each request what a bad network or a proxy may do. */
export class FaultyServer {
  /** Requests so far. */
  requests = 0;

  private constructor(private readonly server: Server) {}

  /**
   * @param target the service
   * @param faults what happens to the first requests, in their order; all others are passed on
   */
  static async start(target: string, faults: readonly Fault[]): Promise<FaultyServer> {
    const server = createServer();
    const faulty = new FaultyServer(server);
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const fault = faults.at(faulty.requests++);
      if (fault !== undefined) {
        fault(outgoing, incoming);
        return;
      }
      const { method, headers } = incoming;
      const passed = request(target + (incoming.url ?? '/'), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return faulty;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** The connection breaks before an answer. */
export const breaks: Fault = (response) => response.destroy();

/** The connection breaks in the middle of an answer. */
export const breaksInAnswer: Fault = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
  response.write('{"similarity":', () => response.destroy());
};

/** An answer that is not the service's. */
export const answers =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Fault =>
  (response, incoming) => {
    incoming.resume();
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  };

/** No answer at all. */
export const isSilent: Fault = (_response, incoming) => {
  incoming.resume();
};
