import { createServer, type Server } from 'node:http';

/** How long a client has to send a request's headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;

/** Longer than the idle timeout of common load balancers (60 s), so that they close idle connections first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** How often Node checks for requests that do not arrive in time, in milliseconds; its default is 30 s. */
const CHECK_MS = 1_000;

/**
 * Creates a server without a request handler.
 *
 * @param requestTimeoutMs time for a whole request to arrive and be answered, in milliseconds. A request's own deadline
 * comes first; this one covers input that is not yet a request.
 */
export function httpServer(requestTimeoutMs: number): Server {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs + HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_MS,
    // Checked by WayIn, so that a missing one is answered like any other error.
    requireHostHeader: false,
  });
  // Lets a client close its side and still receive the response. Node has had this writable property since its first
  // versions, but no option for it.
  return Object.assign(server, { httpAllowHalfOpen: true });
}
