import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that writes raw bytes, and reads only on demand. */
export class RawCaller {
  /** What it has read. */
  received = '';

  private constructor(readonly socket: Socket) {
    // Many of them are meant to be cut off.
    socket.on('error', () => undefined);
  }

  static async connect(url: string): Promise<RawCaller> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const caller = new RawCaller(socket);
    await once(socket, 'connect');
    return caller;
  }

  /** Starts reading. */
  read(): this {
    this.socket.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
    return this;
  }

  write(...parts: readonly (string | Buffer)[]): this {
    for (const part of parts) this.socket.write(part);
    return this;
  }

  /** The statuses of the responses so far, including interim ones. */
  get statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** Resolves when the service has closed its side or the connection. */
  async closed(): Promise<void> {
    if (this.socket.readableEnded || this.socket.destroyed) return;
    await Promise.race([once(this.socket, 'end'), once(this.socket, 'close')]);
  }

  leave(): void {
    this.socket.destroy();
  }
}

/** A request without a body. */
export const get = (path: string, version = '1.1'): string => `GET ${path} HTTP/${version}\r\nHost: x\r\n\r\n`;

/** A request with a body, or at least a Content-Length for one. */
export function post(path: string, body: string | Buffer = '', headers: Record<string, string> = {}): Buffer {
  const lines = Object.entries({
    host: 'x',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), Buffer.from(body)]);
}
