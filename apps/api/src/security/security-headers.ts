import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** The headers that helmet sets. They are the same for every response, so they are computed once. */
export function securityHeaders(): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  // Without TLS in front, upgrade-insecure-requests would break /docs on every host but localhost.
  const protect = helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  protect(request, response, () => undefined);
  return response.getHeaders() as Record<string, string>;
}
