import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Connections, type CutReason } from './connections.js';
import { httpServer } from './http-server.js';

const ASK = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

const onBroken = (code: string): string => `HTTP/1.1 400 ${code}\r\n\r\n`;

let server: Server;
let connections: Connections;
let cut: CutReason[];
let refused: string[];
let sockets: Socket[];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await connections.close(0);
});

async function listen(handle: RequestListener, { max = 100, maxPerAddress = 100 } = {}): Promise<void> {
  [cut, refused, sockets] = [[], [], []];
  server = httpServer(10_000);
  connections = new Connections(
    server,
    {
      max,
      maxPerAddress,
      onCut: (reason) => cut.push(reason),
      onBroken,
      refuseRest: (request) => refused.push(request.url ?? ''),
    },
    handle,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Everything a socket receives until it is closed. */
async function read(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // Unlike `once` of node:events, ignores a reset.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

describe('Connections', () => {
  it('handles requests of one connection one at a time, each with its connection', async () => {
    const order: string[] = [];
    let working = 0;
    await listen((request, response) => {
      order.push(`${request.url} ${++working} ${response.socket === request.socket}`);
      setTimeout(() => {
        working--;
        response.end();
      }, 5);
    });
    const socket = await open();
    socket.end(['/1', '/2', '/3'].map((path) => ASK.replace('/', path)).join(''));
    await read(socket);

    expect(order).toEqual(['/1 1 true', '/2 1 true', '/3 1 true']);
  });

  it('never starts a queued request once the connection is closed', async () => {
    const begun: (string | undefined)[] = [];
    await listen(({ url }) => begun.push(url));
    const socket = await open();
    socket.write(ASK.repeat(10));
    await expect.poll(() => begun).toEqual(['/']);
    socket.resetAndDestroy();
    await expect
      .poll(
        async () =>
          new Promise((resolve) =>
            server.getConnections((_, count) => {
              resolve(count);
            }),
          ),
      )
      .toBe(0);

    expect(begun).toEqual(['/']);
  });

  it('does not continue after a response that closes the connection', async () => {
    const begun: (string | undefined)[] = [];
    await listen(({ url }, response) => {
      begun.push(url);
      response.setHeader('Connection', 'close').end();
    });
    const socket = await open();
    socket.write(ASK.repeat(3));
    await read(socket);

    expect(begun).toEqual(['/']);
  });

  it.each([
    ['total', { max: 2 }],
    ['address', { maxPerAddress: 2 }],
  ] as const)('closes connections over the limit: %s', async (reason, limits) => {
    await listen((_, response) => response.end(), limits);
    const [first, second, third] = [await open(), await open(), await open()];
    await read(third);
    first.end(ASK);
    second.end(ASK);

    expect(await read(first)).toContain('200 OK');
    expect(await read(second)).toContain('200 OK');
    expect(cut).toEqual([reason]);
  });

  it('cuts a connection with too many waiting requests', async () => {
    await listen(() => undefined);
    const socket = await open();
    socket.write(ASK.repeat(200));
    await read(socket);

    expect(cut).toEqual(['pipeline']);
  });

  it('cuts a connection with too many waiting bytes, even in few requests', async () => {
    await listen(() => undefined);
    const socket = await open();
    const body = 'x'.repeat(15_000);
    socket.write(ASK + `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`.repeat(40));
    await read(socket);

    expect(cut).toEqual(['pipeline']);
  });

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 'HPE_INVALID_METHOD'],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 'HPE_HEADER_OVERFLOW'],
  ])('responds to %s, alone or after a pending response', async (_name, broken, code) => {
    await listen((_, response) => setTimeout(() => response.end('done'), 20));
    const [alone, behind] = [await open(), await open()];
    alone.write(broken);
    behind.write(ASK + broken);

    expect(await read(alone)).toBe(onBroken(code));
    const text = await read(behind);
    expect(text).toContain('200 OK');
    expect(text).toContain('done');
    expect(text).not.toContain('400');
  });

  it('rejects a request whose body cannot be read to its end', async () => {
    await listen(() => undefined);
    const socket = await open();
    socket.write('POST /broken HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nZZ\r\n');

    await expect.poll(() => refused).toEqual(['/broken']);
  });

  it('ignores everything after the last response', async () => {
    const asked: (string | undefined)[] = [];
    await listen(({ url }, response) => {
      asked.push(url);
      response.setHeader('Connection', 'close').end('done');
    });
    const socket = await open();
    socket.write(ASK);
    await expect.poll(() => asked).toEqual(['/']);
    socket.write(ASK.repeat(1000));
    await read(socket);

    expect(asked).toEqual(['/']);
  });

  describe('close', () => {
    it('waits for responses in progress and queued ones, not for idle connections', async () => {
      const answers: (() => void)[] = [];
      await listen((_, response) => answers.push(() => response.end('done')));
      const [busy, idle] = [await open(), await open()];
      busy.write(ASK.repeat(2));
      await expect.poll(() => answers).toHaveLength(1);
      const closed = connections.close(10_000);
      await read(idle);
      const text = read(busy);
      answers[0]();
      await expect.poll(() => answers).toHaveLength(2);
      answers[1]();

      expect(await closed).toBe(true);
      expect((await text).match(/done/g)).toHaveLength(2);
    });

    it('cuts off what is not answered in time, and reports it', async () => {
      let asked = 0;
      await listen(() => asked++);
      (await open()).write(ASK);
      await expect.poll(() => asked).toBe(1);

      expect(await connections.close(50)).toBe(false);
    });
  });
});
