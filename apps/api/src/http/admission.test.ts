import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceError, InferencePool } from '#inference';
import { scriptedWorkers } from '../../../../libs/inference/src/test-support.fixture.js';
import type { Settings } from '../config/settings.js';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { Admission } from './admission.js';

const NEVER = new AbortController().signal;
const QUEUE = 100;

/** Ample time on any machine. */
const LONG_MS = 1e6;

/** Minimum time per photograph while the pool learns. */
const PHOTOGRAPH_MS = 20;

let pool: InferencePool;

/** A pool of one worker that loads no models and does what the bytes say. */
beforeEach(async () => {
  pool = await InferencePool.start({
    workers: 1,
    maxQueue: QUEUE,
    startTimeoutMs: 30_000,
    stuckAfterMs: LONG_MS,
    ...scriptedWorkers(),
  });
});

afterEach(() => pool.close());

/** Teaches the pool that photographs take some time. */
async function learn(): Promise<void> {
  const events = new BroadcastChannel('scripted-worker');
  const gate = new BroadcastChannel('scripted-worker:release');
  events.onmessage = ({ data }: { data: unknown }) => {
    if (data !== 'started hold') return;
    void delay(PHOTOGRAPH_MS).then(() => {
      gate.postMessage('hold');
    });
  };
  const task = { kind: 'analyse', query: { detector: 'mtcnn', selection: 'largest', minConfidence: 0 } } as const;
  for (let i = 0; i < 30; i++) await pool.run([Buffer.from('hold'.padEnd(20))], task, NEVER);
  events.close();
  gate.close();
}

const admissionWithin = (requestTimeoutMs: number): Admission =>
  new Admission({ pool } as InferenceRuntime, { requestTimeoutMs } as Settings);

/** A request that arrived some time ago, with a way to answer it. */
function request(ageMs = 0) {
  const listeners: (() => void)[] = [];
  return {
    arrivedAt: performance.now() - ageMs,
    onAnswered: (listener: () => void) => {
      listeners.push(listener);
    },
    answer: () => {
      for (const listener of listeners) listener();
    },
  };
}

/** The outcome of a request with this many photographs. */
function take(admission: Admission, photographs: number, life = request()): string {
  try {
    admission.take(photographs, life);
    return 'admitted';
  } catch (error) {
    return error instanceof InferenceError ? error.code : String(error);
  }
}

describe('a request is admitted', () => {
  it('while there are slots for its photographs, which are released with its response', () => {
    const admission = admissionWithin(LONG_MS);
    const [first, rest] = [request(), request()];
    admission.take(2, first);
    admission.take(QUEUE - 1, rest);

    expect(take(admission, 1)).toBe('OVERLOADED');
    first.answer();
    expect(take(admission, 3)).toBe('OVERLOADED');
    expect(take(admission, 2)).toBe('admitted');
  });

  it('up to the last slot while the duration of photographs is unknown', () => {
    const admission = admissionWithin(1000);
    admission.take(QUEUE - 1, request());
    expect(take(admission, 2)).toBe('admitted');
  });

  it('while it is expected to finish before its deadline, and not beyond that', async () => {
    await learn();
    const ahead = 80;
    const hasTime = admissionWithin(LONG_MS);
    hasTime.take(ahead, request());
    const hasNone = admissionWithin((ahead / 4) * PHOTOGRAPH_MS);
    hasNone.take(ahead, request());

    expect(take(hasTime, 2)).toBe('admitted');
    expect(take(hasNone, 2)).toBe('OVERLOADED');
  });

  it('by the time it has left, not by the time it had on arrival', async () => {
    await learn();
    const admission = admissionWithin(LONG_MS);
    admission.take(10, request());

    expect(take(admission, 2, request(LONG_MS - PHOTOGRAPH_MS))).toBe('OVERLOADED');
    expect(take(admission, 2)).toBe('admitted');
  });

  it('if no other is in progress, however slow photographs are; otherwise the estimate would never recover', async () => {
    await learn();
    const admission = admissionWithin(1);
    const only = request();
    admission.take(2, only);

    expect(take(admission, 2)).toBe('OVERLOADED');
    only.answer();
    expect(take(admission, 2)).toBe('admitted');
  });
});
