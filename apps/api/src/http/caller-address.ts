import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddress from 'proxy-addr';

/** An IPv4 address or a bracketed IPv6 one, with the port that some proxies add. */
const WITH_PORT = /^(?:(\d+(?:\.\d+){3})|\[([^\]]+)\])(?::\d+)?$/;

/**
 * The client address of a request: that of the connection, or the one the outermost trusted proxy reports in
 * X-Forwarded-For. The port, if any, is removed, as it differs between connections.
 *
 * @param trustedProxies number of trusted proxies in front
 */
export function callerAddress(request: IncomingMessage, trustedProxies: number): string {
  const told = proxyAddress(request, (_address, hop) => hop < trustedProxies);
  const [, ipv4, ipv6] = (WITH_PORT.exec(told) ?? []) as (string | undefined)[];
  const address = ipv4 ?? ipv6 ?? told;
  return isIP(address) > 0 ? address : (request.socket.remoteAddress ?? '');
}
