import { afterEach, describe, expect, it } from 'vitest';
import { post, type RawCaller } from '../../../../test/support/raw-caller.js';
import { readSettings } from '../config/settings.js';
import { LifeServer } from './life-server.fixture.js';
import { PendingBytes } from './pending-bytes.js';

const MEGABYTE = 1024 * 1024;
const BODY_LIMIT = 800_000;

let server: LifeServer;
afterEach(() => server.close());

/** Starts a server that counts bodies, with a limit of one megabyte in total, and never responds. */
async function counting(): Promise<PendingBytes> {
  const env = { MAX_IMAGE_BYTES: '1000', MAX_PENDING_BYTES: String(MEGABYTE) };
  const pending = new PendingBytes(readSettings(env));
  server = await LifeServer.start((life) => {
    pending.watch(life, BODY_LIMIT);
  });
  return pending;
}

/** Sends part of a body. */
const send = async (bytes: number): Promise<RawCaller> =>
  (await server.connect()).read().write(post('/', '', { 'content-length': '10000000' }), Buffer.alloc(bytes));

describe('PendingBytes', () => {
  it('counts received bytes until the request has ended', async () => {
    const pending = await counting();
    const caller = await send(100_000);
    await expect.poll(() => pending.total).toBe(100_000);
    await send(50_000);
    await expect.poll(() => pending.total).toBe(150_000);
    caller.leave();

    await expect.poll(() => pending.total).toBe(50_000);
  });

  it('rejects a body over the limit', async () => {
    const pending = await counting();
    const caller = await send(BODY_LIMIT + 1);

    await expect.poll(() => caller.received).toContain('"code":"BODY_TOO_LARGE"');
    expect(pending.total).toBe(0);
  });

  it('rejects the body that has held the most for longest when the total is exceeded', async () => {
    const pending = await counting();
    const stalled = await send(700_000);
    await expect.poll(() => pending.total).toBe(700_000);
    const other = await send(400_000);

    await expect.poll(() => stalled.received).toContain('"code":"OVERLOADED"');
    await expect.poll(() => pending.total).toBe(400_000);
    expect(other.received).toBe('');
  });

  it('rejects a body that trickles in', async () => {
    await counting();
    const caller = await send(0);
    caller.socket.setNoDelay(true);
    const drip = (): void => {
      if (caller.received === '' && !caller.socket.destroyed) caller.socket.write('x', () => setImmediate(drip));
    };
    drip();

    await expect.poll(() => caller.received).toContain('"code":"INVALID_REQUEST"');
    expect(caller.received).toMatch(/connection: close/i);
  });
});
