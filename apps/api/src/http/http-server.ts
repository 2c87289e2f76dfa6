import { createServer, type Server } from 'node:http';

/** A caller has this long to send a request's headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;

/** Longer than the idle time of common load balancers (60 s), so that it is them who close idle connections. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** How often Node looks for requests that do not arrive in time, in milliseconds; 30 s unless set. */
const CHECK_MS = 1_000;

/**
 * Makes a server that handles nothing yet.
 *
 * @param requestTimeoutMs time for a whole request to arrive and be answered, in milliseconds; the request's own deadline
 *   comes first, and this one ends what has no life yet
 */
export function httpServer(requestTimeoutMs: number): Server {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs + HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_MS,
    // The way in looks at it, so that its absence is answered like any other error.
    requireHostHeader: false,
  });
  // A caller may close its side and still wait for the answer. Node has had this property since its first versions, for
  // everybody to set, and no option for it.
  return Object.assign(server, { httpAllowHalfOpen: true });
}
