import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costlyPhotographs } from './support/costly-photographs.js';
import { photograph, Service } from './support/service.js';

/** The limit used in docs/docker.md and for the images' memory, in megabytes. */
const MOST_MEMORY_MB = 1200;

const costly = await costlyPhotographs();

let service: Service;
beforeAll(async () => {
  service = await Service.start({ WORKERS: '2', REQUEST_TIMEOUT_MS: '120000' });
  for (const path of ['/compare', '/mediapipe']) await ordinary(path);
});
afterAll(() => service.stop());

const ordinary = (path: string): Promise<unknown> =>
  service.compare(path, photograph('obama.jpg'), photograph('obama2.jpg'));

/** Peak resident memory of the service since it was last reset, in megabytes. */
function peakMemoryMb(): number {
  const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

const forgetPeak = (): void => {
  writeFileSync(`/proc/${service.pid}/clear_refs`, '5');
};

describe.each(['/compare', '/mediapipe'])('%s with two workers', (path) => {
  it.each(costly)(`stays below ${MOST_MEMORY_MB} MB with the largest pair: $name`, async ({ bytes }) => {
    // Ordinary traffic in between, which collects the garbage of the pair before.
    for (let i = 0; i < 5; i++) await ordinary(path);
    forgetPeak();
    const { body } = await service.compare(path, bytes, bytes);
    // Accepted, decoded and searched.
    expect(body).toMatchObject({ code: 'NO_FACE' });
    expect(peakMemoryMb()).toBeLessThan(MOST_MEMORY_MB);
  });
});
