import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { get, type RawCaller } from '../../../../test/support/raw-caller.js';
import { readSettings } from '../config/settings.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { Admission } from './admission.js';
import { LifeServer } from './life-server.fixture.js';
import type { RequestLife } from './request-life.js';

const CAPACITY = 4;
const TIMEOUT_MS = 10_000;

let server: LifeServer;
let lives: RequestLife[];
beforeEach(async () => {
  lives = [];
  server = await LifeServer.start((life) => lives.push(life));
});
afterEach(() => server.close());

/** An admission to a pool of four places. @param photographMs what each photograph takes, one after the other */
function admissionTo({ photographMs = 0, restarting = false } = {}): Admission {
  const pool = { restarting, capacity: CAPACITY, expectedWaitMs: (ahead: number) => ahead * photographMs };
  const settings = readSettings({ REQUEST_TIMEOUT_MS: String(TIMEOUT_MS) });
  return new Admission({ pool } as InferenceRuntime, settings);
}

/** A request that waits for its answer. */
async function comeIn(): Promise<{ caller: RawCaller; life: RequestLife }> {
  const caller = (await server.connect()).read().write(get('/'));
  const number = lives.length;
  await expect.poll(() => lives.length).toBe(number + 1);
  return { caller, life: lives[number] };
}

const withCode = (code: string): unknown => expect.objectContaining({ name: 'InferenceError', code });

describe('Admission', () => {
  it('takes photographs on up to the pool’s capacity', async () => {
    const admission = admissionTo();
    const { life } = await comeIn();
    admission.take(2, life);
    admission.take(2, life);

    expect(() => {
      admission.take(1, life);
    }).toThrow(withCode('OVERLOADED'));
  });

  it('takes all photographs of a request on, or none', async () => {
    const admission = admissionTo();
    const { life } = await comeIn();
    admission.take(CAPACITY - 1, life);
    expect(() => {
      admission.take(2, life);
    }).toThrow(withCode('OVERLOADED'));

    admission.take(1, life);
  });

  it('takes no place where it is only asked', () => {
    const admission = admissionTo();
    for (let i = 0; i <= CAPACITY; i++) admission.check(2);

    admission.check(CAPACITY);
    expect(() => {
      admission.check(CAPACITY + 1);
    }).toThrow(withCode('OVERLOADED'));
  });

  it.each([
    ['the request is answered', ({ response }: RequestLife) => response.end()],
    ['its caller leaves', (_: RequestLife, caller: RawCaller) => caller.socket.resetAndDestroy()],
  ])('has the places again as soon as %s', async (_, end) => {
    const admission = admissionTo();
    const { caller, life } = await comeIn();
    admission.take(CAPACITY, life);
    end(life, caller);
    await expect.poll(() => server.ended).toEqual([life]);

    admission.check(CAPACITY);
  });

  it('refuses what would begin too late to be answered in time, going by what was taken on', async () => {
    const admission = admissionTo({ photographMs: TIMEOUT_MS });
    const { life } = await comeIn();
    admission.take(1, life);
    expect(() => {
      admission.check(1);
    }).toThrow(withCode('OVERLOADED'));

    life.response.end();
    await expect.poll(() => server.ended).toEqual([life]);
    admission.check(1);
  });

  it('takes on what has to wait a little', async () => {
    const admission = admissionTo({ photographMs: TIMEOUT_MS / 100 });
    admission.take(2, (await comeIn()).life);

    admission.check(2);
  });

  it('takes nothing on while the workers are being restarted', () => {
    expect(() => {
      admissionTo({ restarting: true }).check(1);
    }).toThrow(withCode('WORKER_LOST'));
  });
});
