import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddress from 'proxy-addr';

/** An IPv4 address or a bracketed IPv6 one with the port that some proxies add. */
const WITH_PORT = /^(?:(\d+(?:\.\d+){3})|\[([^\]]+)\])(?::\d+)?$/;

/**
 * The address a request comes from: that of the connection, or the one that the outermost trusted proxy tells of in
 * X-Forwarded-For. Its port, where it has one, is left out: it differs from connection to connection.
 *
 * @param trustedProxies how many proxies in front are believed
 */
export function callerAddress(request: IncomingMessage, trustedProxies: number): string {
  const told = proxyAddress(request, (_address, hop) => hop < trustedProxies);
  const [, ipv4, ipv6] = (WITH_PORT.exec(told) ?? []) as (string | undefined)[];
  const address = ipv4 ?? ipv6 ?? told;
  return isIP(address) > 0 ? address : (request.socket.remoteAddress ?? '');
}
