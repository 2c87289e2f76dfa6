import { afterEach, describe, expect, it } from 'vitest';
import { get, type RawCaller } from '../../../../test/support/raw-caller.js';
import { deferred } from '../../../../libs/inference/src/test-support.fixture.js';
import { ServiceError } from '../errors/service-error.js';
import { LifeServer } from './life-server.fixture.js';
import { lifeOf, type RequestLife } from './request-life.js';

const ASK = get('/here?who=me');
const SEND = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n';

let server: LifeServer;
let caller: RawCaller;
afterEach(() => server.close());

/** Starts a server, sends it a request and returns its RequestLife. */
async function begin(sent: string, timeoutMs?: number): Promise<RequestLife> {
  const first = deferred<RequestLife>();
  server = await LifeServer.start(first.resolve, timeoutMs);
  caller = (await server.connect()).read().write(sent);
  return first.promise;
}

/** What the client has received, once it matches. */
async function received(pattern: RegExp): Promise<string> {
  await expect.poll(() => caller.received).toMatch(pattern);
  return caller.received;
}

const end = async (): Promise<RequestLife> => {
  await expect.poll(() => server.ended).toHaveLength(1);
  return server.ended[0];
};

describe('a life', () => {
  it('is found by its request, and has the id sent and a path without a query', async () => {
    const life = await begin(ASK.replace('\r\n\r\n', '\r\nX-Request-Id: mine\r\n\r\n'));

    expect(lifeOf(life.request)).toBe(life);
    expect(life.id).toBe('mine');
    expect(life.path).toBe('/here');
  });

  it.each([
    ['/a?b', '/a', true],
    ['http://elsewhere/a?b', '/a', true],
    ['HTTP://elsewhere:80/a', '/a', true],
    ['/a#b', '/a#b', false],
    ['http:///metrics', 'http:///metrics', false],
    ['ftp:///metrics', 'ftp:///metrics', false],
    ['http://elsewhere', 'http://elsewhere', false],
    ['*', '*', false],
  ])('reads the path of the target %s', async (target, path, isSound) => {
    const life = await begin(ASK.replace('/here?who=me', target).replace('GET', 'OPTIONS'));

    expect(life.path).toBe(path);
    expect(life.hasSoundTarget).toBe(isSound);
    // Express sees only this one.
    expect(life.request.url).toBe(path + (target.includes('?') ? '?b' : ''));
  });

  it('ends when its response has been sent', async () => {
    const life = await begin(ASK);
    life.response.statusCode = 201;
    life.response.end();

    expect((await end()).finalStatus).toBe(201);
    expect(life.signal.aborted).toBe(true);
  });

  it('ends with 499 when its client disconnects, and aborts its work', async () => {
    const life = await begin(ASK);
    const { signal } = life;
    caller.socket.resetAndDestroy();

    expect((await end()).finalStatus).toBe(499);
    expect(signal.reason).toMatchObject({ code: 'CANCELLED' });
  });

  it('ends with a problem document that has the code, once', async () => {
    const life = await begin(ASK);
    life.refuse(new ServiceError('NO_FACE', 'No face detected in image 2.', 2));
    life.refuse(new ServiceError('INTERNAL', 'too late'));

    const text = await received(/\}$/);
    expect(text).toMatch(/^HTTP\/1\.1 422 /);
    expect(text).toContain('"image":2');
    expect(text).not.toContain('too late');
    expect((await end()).code).toBe('NO_FACE');
  });

  it('hides internal errors from the client', async () => {
    const life = await begin(ASK);
    life.refuse(new Error('a secret'));

    expect(await received(/\}$/)).not.toContain('secret');
    expect(server.internal).toEqual([new Error('a secret')]);
  });

  it('times out at its deadline: 504, and its work is aborted', async () => {
    const life = await begin(ASK, 20);
    const { signal } = life;

    expect(await received(/\}$/)).toContain('"code":"DEADLINE_EXCEEDED"');
    expect(signal.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect((await end()).finalStatus).toBe(504);
  });

  it('times out if its body is late: 408, and the connection is closed', async () => {
    await begin(SEND, 20);

    const text = await received(/\}$/);
    expect(text).toContain('"code":"REQUEST_TIMEOUT"');
    expect(text).toMatch(/connection: close/i);
  });

  it('survives a deadline after the response headers', async () => {
    const life = await begin(ASK, 20);
    life.response.write('half of it, ');
    await expect.poll(() => life.signal.aborted).toBe(true);
    life.response.end('and the rest');

    expect(await received(/rest/)).toContain('half of it, ');
    expect((await end()).finalStatus).toBe(200);
  });

  it('releases resources when the response is handed over, and later ones at once', async () => {
    const life = await begin(ASK);
    const given: string[] = [];
    life.onAnswered(() => given.push('first'));
    expect(given).toEqual([]);
    life.response.end();
    await end();
    life.onAnswered(() => given.push('late'));

    expect(given).toEqual(['first', 'late']);
  });

  it('releases resources, once, when the client disconnects', async () => {
    const life = await begin(ASK);
    let given = 0;
    life.onAnswered(() => given++);
    caller.socket.resetAndDestroy();
    await end();
    life.refuse(new Error('nobody is told'));

    expect(given).toBe(1);
    expect(server.internal).toEqual([]);
  });

  it('probes a client that has closed its side until there is a response', async () => {
    const life = await begin(ASK);
    caller.socket.end();
    await received(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    life.response.end('here');

    expect(await received(/here/)).toContain('200 OK');
  });

  it('ends when a client that has closed its side turns out to be gone', async () => {
    const life = await begin(ASK);
    // Both sides are closed: anything sent now is answered with a reset.
    caller.socket.end().destroy();

    expect((await end()).finalStatus).toBe(499);
    expect(life.isAnswered()).toBe(true);
  });
});
