import type { Server } from 'node:http';

/** A caller has this long to send a request's headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;

/** Longer than the idle time of common load balancers (60 s), so that it is them who close idle connections. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** How often idle connections are closed on the way out, in milliseconds. */
const IDLE_CHECK_MS = 20;

/** Cuts off slow senders. @param bodyTimeoutMs time for a whole request to arrive, in milliseconds */
export function limitSlowSenders(server: Server, bodyTimeoutMs: number): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = bodyTimeoutMs + HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
}

/**
 * Leaves the answer to `Expect: 100-continue` to whoever reads the body: a caller who is refused before that need not send
 * megabytes for nothing. Node would otherwise ask for every body.
 */
export function askForBodiesLate(server: Server): void {
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
}

/**
 * Stops accepting connections and waits for the requests under way, at most for a while; then cuts the rest off.
 *
 * @returns whether all of them finished
 */
export async function closeServer(server: Server, timeoutMs: number): Promise<boolean> {
  let finished = true;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      finished = false;
      server.closeAllConnections();
    }, timeoutMs);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(idle);
      resolve();
    });
    // A connection that was busy when the server closed stays open when its answer has gone out.
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, IDLE_CHECK_MS);
  });
  return finished;
}
